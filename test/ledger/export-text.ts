/** An export as the text of its files, and what an accepted one must still say. */
import type { KeyObject } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonical } from '#shared/ledger/canonical.ts'
import { type Checkpoint, signedText } from '#shared/ledger/checkpoint.ts'
import type { Entry } from '#shared/ledger/entry.ts'
import { linesOf } from './forge.ts'

export interface ExportText {
  readonly entries: string
  readonly checkpoints: string
  readonly publicKey: string
}

export const pemOf = (key: KeyObject) => key.export({ format: 'pem', type: 'spki' }).toString()

const textOf = (items: readonly object[]) =>
  linesOf(items)
    .map((line) => `${line}\n`)
    .join('')

/** @param given one key, or several where one was added */
export const exportText = (given: {
  readonly entries: readonly object[]
  readonly checkpoints: readonly object[]
  readonly publicKey: KeyObject
  readonly addedKey?: KeyObject | undefined
}): ExportText => ({
  entries: textOf(given.entries),
  checkpoints: textOf(given.checkpoints),
  publicKey: pemOf(given.publicKey) + (given.addedKey ? pemOf(given.addedKey) : ''),
})

/** Writes the files of an export into a new folder. */
export function writeExport(folder: string, text: ExportText): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'entries.ndjson'), text.entries)
  writeFileSync(join(folder, 'checkpoints.ndjson'), text.checkpoints)
  writeFileSync(join(folder, 'public-key.pem'), text.publicKey)
}

const linesIn = (text: string) => text.split('\n').filter((line) => line !== '')
const objectsIn = <T>(text: string) => linesIn(text).map((line) => JSON.parse(line) as T)
const nameOf = ({ chain, seq }: { chain: string; seq: number }) => `${chain} seq ${seq}`

/** Lines up to the last leaf of each chain, by the entry's name. */
function coveredLines(text: ExportText, checkpoints: readonly Checkpoint[]): Map<string, string> {
  const sealed = new Map<string, number>()
  for (const { leaves } of checkpoints) for (const { chain, seq } of leaves) sealed.set(chain, seq)
  const named = linesIn(text.entries).map((line) => [JSON.parse(line) as Entry, line] as const)
  return new Map(
    named
      .filter(([{ chain, seq }]) => seq <= (sealed.get(chain) ?? 0))
      .map(([entry, line]) => [nameOf(entry), line]),
  )
}

/**
 * Holds an export that a verifier accepted, by its own key alone, to the one it was made of. It may be older, and may
 * say anything of entries that no checkpoint covers; whatever its checkpoints cover must be as it was.
 * @returns what is not, or undefined
 */
export function falsehoodIn(accepted: ExportText, honest: ExportText): string | undefined {
  if (accepted.publicKey !== honest.publicKey) return 'another key'
  const [found, real] = [accepted, honest].map((text) => objectsIn<Checkpoint>(text.checkpoints))
  if (!found || !real || found.length > real.length) return 'a checkpoint too many'
  const other = found.findIndex((each, place) => signedText(each) !== signedText(real[place] ?? each))
  if (other !== -1) return `checkpoint ${other + 1}`
  const moved = found.findIndex(
    ({ leaves }, place) => canonical(leaves) !== canonical(real[place]?.leaves ?? []),
  )
  if (moved !== -1) return `leaves of checkpoint ${moved + 1}`
  const [says, said] = [coveredLines(accepted, found), coveredLines(honest, found)]
  for (const [name, line] of said) if (says.get(name) !== line) return name
  return says.size === said.size ? undefined : 'an entry too many'
}
