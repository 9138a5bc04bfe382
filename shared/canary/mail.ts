/** Reads a code and its reference out of a mail as it stands in the mailbox: RFC 5322, as SES writes and receives it. */

import { referenceIn } from '../contract/references.ts'

interface Part {
  /** In lower case. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

function partOf(text: string): Part {
  const end = /\r?\n\r?\n/.exec(text)
  const head = end === null ? text : text.slice(0, end.index)
  const body = end === null ? '' : text.slice(end.index + end[0].length)
  const lines = head.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
  })
  return { headers: new Map(headers), body }
}

const typeOf = ({ headers }: Part) => headers.get('content-type') ?? 'text/plain'

/** Our letters have one level of parts. A stranger's may have any number, and must not end the run. */
const deepest = 5

/** Parts of a part, or the part where it has none itself. */
function leavesOf(part: Part, depth = 0): Part[] {
  if (depth > deepest) return []
  const [, boundary] = /^multipart\/.*boundary="?([^";]+)"?/i.exec(typeOf(part)) ?? []
  if (boundary === undefined) return [part]
  // Before the first delimiter stands nothing that counts, and after the last one neither.
  return part.body
    .split(`--${boundary}`)
    .slice(1, -1)
    .flatMap((each) => leavesOf(partOf(each.replace(/^\r?\n/, '')), depth + 1))
}

function decoded({ headers, body }: Part): string {
  const coding = headers.get('content-transfer-encoding')?.toLowerCase()
  if (coding === 'base64') return Buffer.from(body, 'base64').toString()
  if (coding !== 'quoted-printable') return body
  const bytes = body
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}

export interface Letter {
  /** Six digits. */
  readonly code: string
  /** What stands in the message alone, so that nobody who writes in our name knows it. */
  readonly ref?: string
}

/**
 * @param raw the mail
 * @param sender address that it must say it is from: a mailbox takes letters of anybody
 * @returns the six digits that stand alone in its plain text, with the reference beside them, or undefined
 */
export function letterIn(raw: string, sender: string): Letter | undefined {
  const mail = partOf(raw)
  const from = /<([^<>]*)>\s*$/.exec(mail.headers.get('from') ?? '')?.[1] ?? mail.headers.get('from')
  if (from?.toLowerCase() !== sender.toLowerCase()) return undefined
  const plain = leavesOf(mail).find((part) => typeOf(part).toLowerCase().startsWith('text/plain'))
  const text = plain && decoded(plain)
  const code = text && /(?<![0-9])[0-9]{6}(?![0-9])/.exec(text)?.[0]
  if (!code) return undefined
  const ref = referenceIn(text)
  return { code, ...(ref !== undefined && { ref }) }
}
