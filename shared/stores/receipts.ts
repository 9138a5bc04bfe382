/** Makes the receipt of an entry, from the ledger and the checkpoint that covers it first. */
import { identityChain } from '../ledger/chains.ts'
import type { Entry } from '../ledger/entry.ts'
import { makeReceipt, type Receipt } from '../ledger/receipt.ts'
import { publicKeyPem } from './checkpoint-key.ts'
import { coveringCheckpoint } from './covering-checkpoint.ts'
import { readEntriesAfter } from './ledger.ts'

/** Entries of a chain from one to another, both among them. @throws Unavailable */
export async function entriesBetween(chain: string, from: number, to: number): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of readEntriesAfter(chain, from - 1)) {
    if (entry.seq > to) break
    entries.push(entry)
  }
  return entries
}

/**
 * @returns undefined where no checkpoint covers the entry yet
 * @throws Unavailable; Tampered or Unusable when what is stored is no checkpoint
 */
export async function receiptOf(entry: Entry): Promise<Receipt | undefined> {
  const covering = await coveringCheckpoint(entry)
  if (covering === undefined) return undefined
  const entries = await entriesBetween(entry.chain, entry.seq, covering.seq)
  return makeReceipt(entries, covering.checkpoint, await publicKeyPem(covering.checkpoint.keyId))
}

const isSeq = (text: string) => /^[1-9][0-9]{0,14}$/.test(text)

/**
 * The receipt of an entry of a person, for the support page.
 * @param seq as it stands in an address
 * @returns the receipt, or in a sentence why there is none
 * @throws as {@link receiptOf}
 */
export async function receiptFor(
  userId: string,
  seq: string,
): Promise<{ readonly receipt: Receipt } | { readonly problem: string }> {
  const place = isSeq(seq) ? Number(seq) : 0
  const [entry] = place === 0 ? [] : await entriesBetween(identityChain(userId), place, place)
  if (entry === undefined) return { problem: 'The ledger has no such entry.' }
  const receipt = await receiptOf(entry)
  return receipt === undefined
    ? { problem: 'No checkpoint covers this entry yet: ask again in five minutes.' }
    : { receipt }
}
