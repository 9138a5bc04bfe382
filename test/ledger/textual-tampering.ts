/** Tampering with the text of an export: other ways to write the same, and bytes at random. */
import { canonical } from '#shared/ledger/canonical.ts'
import { type Entry, placeEntry } from '#shared/ledger/entry.ts'
import type { ExportText } from './export-text.ts'
import { pemOf } from './export-text.ts'
import { newKey, publicKeyOf } from './forge.ts'
import type { Picks } from './tampering.ts'

type Textual = (text: ExportText, picks: Picks) => ExportText
type File = keyof ExportText

const files: readonly File[] = ['entries', 'checkpoints', 'publicKey']
const lineFiles: readonly File[] = ['entries', 'checkpoints']

const spare = pemOf(publicKeyOf(newKey()))

/** Changes one file, as text. */
const onFile =
  (names: readonly File[], change: (text: string, place: number, kind: number) => string): Textual =>
  (text, [file, place, kind]) => {
    const name = names[file % names.length] ?? 'entries'
    return { ...text, [name]: change(text[name], place, kind) }
  }

/** Changes one line of an `.ndjson` file. */
const onLine = (
  change: (line: string, kind: number) => string,
  names: readonly File[] = lineFiles,
): Textual =>
  onFile(names, (text, place, kind) => {
    const lines = text.split('\n')
    const at = place % Math.max(1, lines.length - 1)
    return lines.with(at, change(lines[at] ?? '', kind)).join('\n')
  })

/** Splices at a random place. */
const splice = (text: string, place: number, taken: number, put: string) => {
  const at = place % (text.length + 1)
  return text.slice(0, at) + put + text.slice(at + taken)
}

/** Replaces one of the matches. */
function replaceOne(text: string, pattern: RegExp, kind: number, by: (match: string) => string): string {
  const matches = [...text.matchAll(pattern)]
  const match = matches[kind % Math.max(1, matches.length)]
  if (match === undefined) return text
  return text.slice(0, match.index) + by(match[0]) + text.slice(match.index + match[0].length)
}

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')

/** ECDSA's other half: where (r, s) is a signature, so is (r, n - s). */
function twinOf(signature: string): string {
  const der = Buffer.from(signature, 'base64')
  const r = der.subarray(4, 4 + (der[3] ?? 0))
  const s = BigInt(`0x${der.subarray(4 + r.length + 2).toString('hex')}`)
  const hex = (order - s).toString(16).padStart(64, '0')
  const bytes = Buffer.from(Number.parseInt(hex.slice(0, 2), 16) > 0x7f ? `00${hex}` : hex, 'hex')
  const body = Buffer.concat([Buffer.from([2, r.length]), r, Buffer.from([2, bytes.length]), bytes])
  return Buffer.concat([Buffer.from([0x30, body.length]), body]).toString('base64')
}

const signatureIn = /(?<="signature":")[^"]+/g
const number = /(?<=":)[0-9]+(?=[,}])/g

/** An entry with one field more, and its hash made anew: later entries no longer follow. */
function rehashed(line: string, added: Record<string, unknown>): string {
  const { chain, seq, prevHash, hash: _hash, writtenAt, ...draft } = JSON.parse(line) as Entry
  try {
    return canonical(placeEntry({ ...draft, ...added }, chain, { seq: seq - 1, hash: prevHash }, writtenAt))
  } catch {
    return line
  }
}
const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])

export const textualTamperings: Readonly<Record<string, Textual>> = {
  'change a character': onFile(files, (text, place, kind) =>
    splice(text, place, 1, String.fromCharCode(32 + (kind % 95))),
  ),
  'take a character out': onFile(files, (text, place) => splice(text, place, 1, '')),
  'put a character in': onFile(files, (text, place, kind) =>
    splice(text, place, 0, String.fromCharCode(kind % 256)),
  ),
  'end a file early': onFile(files, (text, place) => text.slice(0, place % (text.length + 1))),
  'end a file after a line': onFile(lineFiles, (text, place) => {
    const lines = text.split('\n')
    return `${lines.slice(0, place % lines.length).join('\n')}\n`
  }),
  'add behind the end': onFile(files, (text, _place, kind) => {
    return text + (['\n', ' ', '\0', '{}', '{}\n', '# \n', '\r\n', '\ufeff'][kind % 8] ?? '')
  }),
  'put something before the start': onFile(files, (text, _place, kind) => {
    return (['\n', ' ', '\ufeff', '[]\n', '# \n'][kind % 5] ?? '') + text
  }),
  'end lines as Windows does': onFile(files, (text) => text.replaceAll('\n', '\r\n')),
  'repeat a line': onLine((line) => `${line}\n${line}`),
  'put white space into a line': onLine((line, kind) =>
    replaceOne(line, /[,:{}]/g, kind, (found) => `${found} `),
  ),
  'escape a character': onLine((line, kind) => replaceOne(line, /[a-zA-Z/]/g, kind, escaped)),
  'name a field twice': onLine((line) => line.replace('{', '{"actor":"admin",').replace('{,', '{')),
  'turn the fields round': onLine((line) => {
    try {
      return JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(line) as object).reverse()))
    } catch {
      return line
    }
  }),
  'write a number another way': onLine((line, kind) =>
    replaceOne(
      line,
      number,
      kind,
      (found) =>
        [
          `${found}.0`,
          `${found}e0`,
          `-${found}`,
          `${found}0`,
          `0${found}`,
          `${found}.5`,
          '9007199254740993',
          '-0',
        ].at((kind >> 4) % 8) ?? found,
    ),
  ),
  'write a number without end': onLine((line, kind) =>
    replaceOne(line, number, kind, () => '9'.repeat(5000)),
  ),
  'write hex in capitals': onLine((line, kind) =>
    replaceOne(line, /[0-9a-f]{64}/g, kind, (found) => found.toUpperCase()),
  ),
  'make a field null': onLine((line, kind) =>
    replaceOne(line, /(?<=":)(?:[0-9]+|"[^"]*"|true|false)(?=[,}])/g, kind, () => 'null'),
  ),
  'add a field and hash anew': onLine(
    (line, kind) =>
      line === ''
        ? line
        : rehashed(
            line,
            [
              { ['__proto__x']: 1 },
              { 1: 'index' },
              { zz: nested(40) },
              { a: { hash: '0' } },
              { constructor: [] },
            ][kind % 5] ?? {},
          ),
    ['entries'],
  ),
  'add a field named __proto__': onLine((line) => line.replace('{', '{"__proto__":{"seq":1},')),
  'write the other signature': onLine(
    (line, kind) => replaceOne(line, signatureIn, kind, twinOf),
    ['checkpoints'],
  ),
  'write a signature’s base64 another way': onLine(
    (line, kind) =>
      replaceOne(line, signatureIn, kind, (found) => {
        const last = found.replace(/=+$/, '').length - 1
        const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
        const next = alphabet[(alphabet.indexOf(found[last] ?? 'A') + 1) % 64] ?? 'A'
        return kind % 2 === 0 ? found.replace(/=+$/, '') : found.slice(0, last) + next + found.slice(last + 1)
      }),
    ['checkpoints'],
  ),
  'repeat a leaf': onLine((line) => line.replace(/(?<="leaves":\[)(\{[^}]*\})/, '$1,$1'), ['checkpoints']),
  'turn the leaves round': onLine(
    (line) => {
      const parts = line.match(/^(.*"leaves":\[)([^\]]*)(\].*)$/)
      const leaves = parts?.[2]?.match(/\{[^}]*\}/g) ?? []
      return parts ? `${parts[1]}${leaves.reverse().join(',')}${parts[3]}` : line
    },
    ['checkpoints'],
  ),
  'bring a key that signed nothing': (text, [place]) => ({
    ...text,
    publicKey: place % 2 === 0 ? text.publicKey + spare : spare + text.publicKey,
  }),
  'bring the key twice': (text) => ({ ...text, publicKey: text.publicKey.repeat(2) }),
  'write another key’s name over it': (text) => ({
    ...text,
    publicKey: `Auditor's own key\n${text.publicKey}`,
  }),
}
