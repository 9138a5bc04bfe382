/** Senders as a mail's header takes them. */

/** As many bytes as a word of 75 characters holds in base64 (RFC 2047 section 2), in whole groups of three. */
const wordBytes = 45
/** What needs no quotes: letters, digits and signs of an atom, with spaces (RFC 5322 section 3.2.3); encoded words too. */
const plain = /^[\w !#$%&'*+/=?^`{|}~-]*$/

/** @returns a name in other letters than ASCII, in words that each end with a whole character */
function encodedWords(name: string): string {
  const words = ['']
  for (const character of name) {
    const longer = `${words.at(-1)}${character}`
    if (Buffer.byteLength(longer) <= wordBytes) words[words.length - 1] = longer
    else words.push(character)
  }
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join(' ')
}

/**
 * SES takes headers of seven bits, and reads a comma as the end of an address.
 * @param sender an address, or `Name <address>` with the name as people write it, quoted or not
 * @returns the same with the name quoted or encoded where it must be
 */
export function mailboxHeader(sender: string): string {
  const at = sender.indexOf('<')
  const address = sender.slice(at)
  const name = sender
    .slice(0, Math.max(at, 0))
    .trim()
    .replace(/^"(.*)"$/, (_, inner: string) => inner.replace(/\\(.)/g, '$1'))
  if (name === '') return sender
  if (/\P{ASCII}/u.test(name)) return `${encodedWords(name)} ${address}`
  return plain.test(name) ? `${name} ${address}` : `"${name.replace(/["\\]/g, '\\$&')}" ${address}`
}
