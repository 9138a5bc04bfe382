/** The file by which people who find a weakness learn whom to tell: RFC 9116, at `/.well-known/security.txt`. */

export const securityTxtPath = '/.well-known/security.txt'

const valuesOf = (text: string, field: string): string[] =>
  text
    .split(/\r?\n/)
    .flatMap((line) => new RegExp(`^${field}:\\s*(\\S.*)$`, 'i').exec(line.trim())?.[1] ?? [])

/**
 * @param now epoch ms
 * @returns what is wrong with it, in words: what the RFC asks for is a contact, and a day after which it no longer counts (2.5.3, 2.5.5)
 */
export function faultsOf(text: string, now: number): readonly string[] {
  const contacts = valuesOf(text, 'Contact')
  const [expires, ...more] = valuesOf(text, 'Expires')
  const until = Date.parse(expires ?? '')
  return [
    ...(contacts.length === 0 ? ['it has no Contact'] : []),
    ...contacts
      .filter((contact) => !/^(?:https|mailto|tel):\S+$/i.test(contact))
      .map((contact) => `Contact "${contact}" is no address of https, mailto or tel`),
    ...(expires === undefined || more.length > 0 ? ['it must say Expires once'] : []),
    ...(expires !== undefined && Number.isNaN(until) ? [`Expires "${expires}" is no time`] : []),
    ...(until <= now ? [`it expired at ${expires}`] : []),
  ]
}
