/** Files that hold people, and are neither CSV nor JSON: told by how they begin, before a row is read. */
import { closeSync, openSync, readSync } from 'node:fs'
import { Problem } from '../problem.ts'

/** What helps. */
export const savedAsText = 'Save or export it as "CSV UTF-8" or JSON'

/** By the first bytes, in hex; what fits first counts. */
const ofBytes: readonly (readonly [RegExp, string])[] = [
  [/^504b0304/, `is a workbook or a packed folder. ${savedAsText}`],
  [/^d0cf11e0/, `is a workbook of old Excel. ${savedAsText}`],
  [/^1f8b/, 'is packed (gzip). Unpack it first'],
  [/^(?:fffe|feff|00|..00)/, `is UTF-16, as Excel's "Unicode Text" is. ${savedAsText}`],
]

/** By the first words. */
const ofText: readonly (readonly [RegExp, string])[] = [
  [/^-----BEGIN PGP/, 'is encrypted. Decrypt it first (gpg --decrypt)'],
  [/^\ufeff?\s*</, `is XML or HTML. ${savedAsText}`],
  [/^(?:--\s|\/\*|(?:INSERT INTO|CREATE TABLE|PRAGMA)\b)/i, `is SQL. ${savedAsText}`],
  [/^(?:%YAML|---\s|- \w+:)/, `is YAML. ${savedAsText}`],
]

const looksAtBytes = 64

function startOf(path: string): Buffer {
  const start = Buffer.alloc(looksAtBytes)
  const descriptor = openSync(path, 'r')
  try {
    return start.subarray(0, readSync(descriptor, start))
  } finally {
    closeSync(descriptor)
  }
}

/** @throws Problem for a file of another kind */
export function refuseForeign(path: string): void {
  const start = startOf(path)
  const fits = (text: string) => (kind: readonly [RegExp, string]) => kind[0].test(text)
  const kind = ofBytes.find(fits(start.toString('hex'))) ?? ofText.find(fits(start.toString('utf8')))
  if (kind !== undefined) throw new Problem(`${path} ${kind[1]}.`, 2)
}
