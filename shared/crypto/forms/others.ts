/** Hashes that are not taken, by what they look like, so that a refusal can say what it is. */

const hex = (bytes: number) => new RegExp(`^[0-9a-f]{${2 * bytes}}$`, 'i')

/** The first that fits counts. */
const names: readonly (readonly [RegExp, string])[] = [
  [/^\{?argon2|^\$argon2/i, 'argon2, but not whole or not in the form of PHC'],
  [/^\$2x\$/, 'bcrypt of the faulty kind ($2x$)'],
  [/^\$2[aby]?\$|^\{bcrypt\}|^bcrypt\$|^\$bcrypt\$/, 'bcrypt, but not whole'],
  [/^bcrypt_sha256\$|^\$bcrypt-sha256\$/, 'bcrypt over SHA-256, but not whole'],
  [/^\$wp/, "WordPress's bcrypt, but not whole"],
  [/^pbkdf2:|^scrypt:/, 'a hash of Werkzeug (Flask)'],
  [/^\$?pbkdf2[-_$]/, 'PBKDF2, but not whole, or over a function other than SHA-1, SHA-256 and SHA-512'],
  [/^\$?scrypt\$/, 'scrypt, but not whole'],
  [/^\$fbscrypt\$/, "Firebase's scrypt, but not whole"],
  [/^\$P\$/, 'phpass, but not whole'],
  [/^\$H\$/, 'phpass as phpBB marks it ($H$): with $P$ in its place it is taken'],
  [/^\$S\$/, "Drupal's SHA-512 ($S$)"],
  [/^\$1\$/, 'md5crypt ($1$)'],
  [/^\$apr1\$/, "Apache's md5crypt ($apr1$)"],
  [/^\$5\$/, 'sha256crypt ($5$)'],
  [/^\$6\$/, 'sha512crypt ($6$)'],
  [/^\$g?y\$|^\$7\$/, 'yescrypt or scrypt of crypt ($y$, $7$)'],
  [/^\$sha1\$/, 'sha1crypt ($sha1$)'],
  [/^\$shiro/, 'a hash of Apache Shiro'],
  [/^\$(?:NT|3)\$/, 'an NT hash'],
  [/^\{PKCS5S2\}/i, "Atlassian's PBKDF2 ({PKCS5S2})"],
  [/^\{noop\}/i, 'a password in clear ({noop})'],
  [/^\{(?:crypt|blf-crypt|argon2id?)\}/i, 'a hash behind the mark of a directory or mail server'],
  [/^\{S?(?:SHA|MD5)[0-9-]*\}/i, 'a salted or plain hash of an LDAP directory'],
  [/^\{[\w@.-]+\}/, 'a hash of Spring Security or a directory in another scheme'],
  [/^SCRAM-SHA-/i, 'a SCRAM verifier'],
  [/^(?:unsalted_)?(?:md5|sha1)\$|^crypt\$/, 'an old hash of Django (MD5, SHA-1, crypt)'],
  [/^!/, "Django's mark of an unusable password"],
  [/^s2:/, 'a hash of Lucia'],
  [/^md5[0-9a-f]{32}$/, "PostgreSQL's MD5"],
  [/^\*[0-9A-F]{40}$/i, "MySQL's SHA-1"],
  [/^0x0[12]00/i, "SQL Server's hash"],
  [
    /^\$argon|^\$[A-Za-z0-9-]+\$/,
    'a hash in the form of crypt or PHC, of an algorithm that is not known here',
  ],
  [/^A[A-P][A-Za-z0-9+/]{64}==$/, 'a hash of ASP.NET Identity v2'],
  [hex(16), 'MD5, or an NT hash, without a salt'],
  [hex(20), 'SHA-1 without a salt'],
  [hex(28), 'SHA-224 without a salt'],
  [hex(32), 'SHA-256 without a salt'],
  [hex(48), 'SHA-384 without a salt'],
  [hex(64), 'SHA-512 without a salt'],
  [/^[0-9a-f]{32,128}:[^:]+$/i, 'a plain hash with a salt behind it'],
]

/** @returns what a text that is no form of ours looks like, for a sentence that begins with 'it is' */
export const likely = (text: string): string =>
  names.find(([pattern]) => pattern.test(text))?.[1] ?? 'in no form of a password hash that is known here'
