/** PBKDF2: PHC and passlib, Django, Keycloak, ASP.NET Identity v3. */
import { policy } from '../../policy.ts'
import { fromBase64 } from '../base64.ts'
import { type Pbkdf2Scheme, prfBytes } from '../scheme.ts'
import { type Form, lengthProblem, notBase64, type ParsedHash } from './form.ts'

const limits = policy.importLimits

type Prf = Pbkdf2Scheme['prf']

/** @param digest more of it than the function gives at once is left away: the first block is hashed apart from the others */
function hashOf(
  prf: Prf,
  iterations: number,
  salt: Buffer | undefined,
  digest: Buffer | undefined,
): ParsedHash {
  if (salt === undefined || digest === undefined) return notBase64
  if (!Number.isInteger(iterations) || iterations < 1 || iterations > limits.pbkdf2Iterations)
    return { reason: `its iterations are not 1 to ${limits.pbkdf2Iterations}` }
  const reason = lengthProblem(salt, digest)
  if (reason !== undefined) return { reason }
  const block = digest.subarray(0, prfBytes[prf])
  const scheme = {
    algorithm: 'pbkdf2',
    prf,
    iterations,
    hashBytes: block.length,
    salt: salt.toString('base64'),
  } as const
  return { scheme, digest: block }
}

const base64 = '[A-Za-z0-9+./]+={0,2}'

/** @param prf `sha1` where nothing is named, as passlib and Keycloak have it */
export const readPbkdf2 = (prf: string | undefined, iterations: string, salt: string, digest: string) =>
  hashOf((prf ?? 'sha1') as Prf, Number(iterations), fromBase64(salt), fromBase64(digest))

/** `$pbkdf2-sha256$i=600000,l=32$salt$hash` of PHC, `$pbkdf2-sha256$29000$salt$hash` of passlib. */
function readPhc([, prf, iterations = '', length, salt = '', digest = '']: RegExpExecArray): ParsedHash {
  if (length !== undefined && fromBase64(digest)?.length !== Number(length))
    return { reason: 'its hash is not as long as its parameter l says' }
  return readPbkdf2(prf, iterations, salt, digest)
}

const aspNetPrfs: readonly (Prf | undefined)[] = ['sha1', 'sha256', 'sha512']

/** A byte of version, then function, iterations and length of the salt in four bytes each, salt and hash. */
function readAspNet([text]: RegExpExecArray): ParsedHash {
  const bytes = fromBase64(text)
  if (bytes === undefined || bytes.length < 13) return notBase64
  const prf = aspNetPrfs[bytes.readUInt32BE(1)]
  if (prf === undefined)
    return { reason: 'it is a hash of ASP.NET Identity with a function that is not known' }
  const saltEnd = 13 + bytes.readUInt32BE(9)
  return hashOf(prf, bytes.readUInt32BE(5), bytes.subarray(13, saltEnd), bytes.subarray(saltEnd))
}

export const pbkdf2Forms: readonly Form[] = [
  {
    pattern: new RegExp(
      `^\\$?pbkdf2(?:-(sha1|sha256|sha512))?\\$(?:i=)?([1-9][0-9]{0,9})(?:,l=([0-9]{1,3}))?\\$(${base64})\\$(${base64})$`,
    ),
    read: readPhc,
  },
  {
    // Django's salt is text, hashed as it stands.
    pattern: new RegExp(`^pbkdf2_(sha1|sha256)\\$([1-9][0-9]{0,9})\\$([^$]+)\\$(${base64})$`),
    read: ([, prf, iterations, salt = '', digest = '']) =>
      hashOf(prf as Prf, Number(iterations), Buffer.from(salt), fromBase64(digest)),
  },
  { pattern: /^AQAAAA[A-Za-z0-9+/]{40,}={0,2}$/, read: readAspNet },
]
