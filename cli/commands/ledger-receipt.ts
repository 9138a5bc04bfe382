/** `latchkey ledger receipt USER_ID SEQ`: a file that proves one entry, which may also be named by its id. */
import { isShortReference, parseReference } from '#shared/contract/schemas.ts'
import { longestReference } from '#shared/crypto/reference.ts'
import { identityChain } from '#shared/ledger/chains.ts'
import type { Entry } from '#shared/ledger/entry.ts'
import { readEntriesAfter } from '#shared/stores/ledger.ts'
import { entriesBetween, receiptOf } from '#shared/stores/receipts.ts'
import type { Given } from '../arguments.ts'
import { print } from '../output.ts'
import { Problem, usage } from '../problem.ts'
import { replaceFile } from '../whole-files.ts'

/** By its number, its id, or the reference in a message that told of it. */
async function entryOf(chain: string, wanted: string): Promise<Entry | undefined> {
  if (/^[0-9]+$/.test(wanted)) {
    const seq = Number(wanted)
    if (!Number.isSafeInteger(seq) || seq < 1) throw usage('SEQ is the number of an entry: 1 or more.')
    return (await entriesBetween(chain, seq, seq))[0]
  }
  const reference = parseReference(wanted) ?? ''
  const found: Entry[] = []
  for await (const entry of readEntriesAfter(chain, 0)) {
    if (entry.id === wanted) return entry
    if (isShortReference(reference) && longestReference(entry.id).startsWith(reference)) found.push(entry)
  }
  if (found.length > 1)
    throw new Problem(
      `Several entries have the reference ${reference}: ${found.map(({ seq }) => seq).join(', ')}. Name one by its number.`,
      1,
    )
  return found[0]
}

/** @throws Problem when there is no such entry, or it is not sealed yet; Unavailable; Tampered or Unusable when what is stored is no checkpoint */
export async function receiptCommand(given: Given<'ledger receipt'>): Promise<void> {
  const [userId, wanted] = given.words
  const chain = identityChain(userId)
  const entry = await entryOf(chain, wanted)
  if (entry === undefined) throw new Problem(`The ledger has no entry ${wanted} of ${userId}.`, 1)
  const receipt = await receiptOf(entry)
  if (receipt === undefined)
    throw new Problem('No checkpoint covers this entry yet: try again after the next one.', 1)
  const { seq } = entry
  const path = given.options.out ?? `receipt-${userId}-${seq}.json`
  replaceFile(path, `${JSON.stringify(receipt, undefined, 2)}\n`)
  const checkpoint = receipt.checkpoint.number
  print(
    given.json,
    { path, seq, checkpoint },
    () => `${path} proves entry ${seq} by checkpoint ${checkpoint}.\n`,
  )
}
