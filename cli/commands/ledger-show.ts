/** `latchkey ledger show USER_ID`: what happened to one identity, oldest first. In place of the userId the reference in a message. */
import { isShortReference, parseReference } from '#shared/contract/schemas.ts'
import { identityChain } from '#shared/ledger/chains.ts'
import { readEntriesAfter } from '#shared/stores/ledger.ts'
import { plain } from '#shared/words/plain.ts'
import { callAdmin } from '../admin.ts'
import type { Given } from '../arguments.ts'
import { print } from '../output.ts'
import { Problem } from '../problem.ts'
import type { Clock } from '../services.ts'
import { timelineOf } from '../timeline.ts'

async function show(userId: string, json: boolean): Promise<number> {
  let shown = 0
  for await (const entry of readEntriesAfter(identityChain(userId), 0)) {
    print(json, entry, () => `${timelineOf(entry)}\n`)
    shown += 1
  }
  return shown
}

/** Whose message has it, as support finds out. */
async function ownerOf(word: string, isLocal: boolean): Promise<string | undefined> {
  const reference = parseReference(word)
  if (reference === undefined || !isShortReference(reference)) return undefined
  return (await callAdmin('findIdentity', { query: { reference } }, isLocal))?.data.userId
}

/** @throws Problem when there are no entries; Unavailable */
export async function showCommand(
  { words: [word], json }: Given<'ledger show'>,
  _: Clock,
  isLocal: boolean,
): Promise<void> {
  if ((await show(word, json)) > 0) return
  const owner = await ownerOf(word, isLocal)
  if (owner === undefined || (await show(owner, json)) === 0)
    throw new Problem(`The ledger has no entries of ${plain(word)}.`, 1)
}
