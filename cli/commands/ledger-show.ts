/** `latchkey ledger show USER_ID`: what happened to one identity, oldest first. */
import { identityChain } from '#shared/ledger/chains.ts'
import { readEntriesAfter } from '#shared/stores/ledger.ts'
import type { Given } from '../arguments.ts'
import { print } from '../output.ts'
import { Problem } from '../problem.ts'
import { plain, timelineOf } from '../timeline.ts'

/** @throws Problem when there are no entries; Unavailable */
export async function showCommand({ words, json }: Given<'ledger show'>): Promise<void> {
  let shown = 0
  for await (const entry of readEntriesAfter(identityChain(words[0]), 0)) {
    print(json, entry, () => `${timelineOf(entry)}\n`)
    shown += 1
  }
  if (shown === 0) throw new Problem(`The ledger has no entries of ${plain(words[0])}.`, 1)
}
