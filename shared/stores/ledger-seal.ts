/** Seals the ledger: one signed checkpoint over the heads that moved, whoever else seals at the same time. */
import { createPublicKey } from 'node:crypto'
import { Unavailable } from '../aws/unavailable.ts'
import { type Checkpoint, isSigned, rootOf, statementDigest } from '../ledger/checkpoint.ts'
import { noHash } from '../ledger/entry.ts'
import { chooseLeaves, leavesPerCheckpoint } from '../ledger/sealing.ts'
import { policy } from '../policy.ts'
import { settings } from '../settings.ts'
import { publicKeyPem, signDigest } from './checkpoint-key.ts'
import { advancePointer, type Pointer, readCheckpoint, readPointer, storeCheckpoint } from './checkpoints.ts'
import { archiveLeaves } from './ledger-archive.ts'
import { type MarkedChain, movedIn, readMarkedChains, settleMarks } from './moved-heads.ts'

/** Rounds of one run; each makes a checkpoint or takes over one that another sealer made. */
const mostRounds = 100

const beforeAny: Pointer = { number: 0, hash: noHash, at: 0 }

export interface SealOptions {
  /** Epoch milliseconds, read anew for each checkpoint. */
  readonly clock: () => number
  /** A checkpoint now, even if nothing moved. */
  readonly always?: boolean
  readonly leavesPerCheckpoint?: number
}

/** A checkpoint that was stored, and `at` of the one before it. */
export interface Sealed {
  readonly checkpoint: Checkpoint
  readonly before: number
}

/** The schedule is not exact to the second, so an empty interval may end half a turn early. */
const emptyIsDue = (pointer: Pointer, now: number) =>
  pointer.number === 0 ||
  now - pointer.at >= (policy.emptyCheckpointIntervalSeconds - policy.checkpointIntervalSeconds / 2) * 1000

async function signed(pointer: Pointer, choice: ReturnType<typeof chooseLeaves>): Promise<Checkpoint> {
  const keyId = settings().KEY_CHECKPOINT
  const { leaves, at } = choice
  const number = pointer.number + 1
  const statement = { number, at, count: leaves.length, root: rootOf(leaves), prevHash: pointer.hash, keyId }
  return { ...statement, signature: await signDigest(keyId, statementDigest(statement)), leaves }
}

/**
 * The checkpoint that took the number first. It is built upon only if it follows ours and is signed by our key.
 * @throws Error when it is not: somebody else writes to the bucket
 */
async function winnerOf(pointer: Pointer): Promise<Checkpoint> {
  const winner = await readCheckpoint(pointer.number + 1)
  if (winner === undefined) throw new Unavailable('A checkpoint was refused as taken, but is not there')
  const key = createPublicKey(await publicKeyPem(winner.keyId))
  const follows = winner.number === pointer.number + 1 && winner.prevHash === pointer.hash
  if (!follows || !isSigned(winner, [key]) || rootOf(winner.leaves) !== winner.root)
    throw new Error(`Stored checkpoint ${winner.number} does not follow the one before it, or is not signed`)
  return winner
}

/** What must be done once a checkpoint is stored, by whoever finds it: each part may be repeated. */
async function settle(checkpoint: Checkpoint, marked: readonly MarkedChain[], readAt: number): Promise<void> {
  await advancePointer(checkpoint)
  await settleMarks(marked, checkpoint.leaves, readAt)
}

/**
 * Makes the checkpoints that are due, and finishes what a sealer that died left behind. The number is read before the
 * heads: a sealer that was overtaken starts again, so that no head is sealed later than a newer one of its chain. The entries that a
 * checkpoint seals are in the bucket before it is.
 * @returns those stored or taken over, in order
 * @throws Unavailable
 */
export async function sealLedger(options: SealOptions): Promise<Sealed[]> {
  const most = options.leavesPerCheckpoint ?? leavesPerCheckpoint
  const made: Sealed[] = []
  for (let round = 0; round < mostRounds; round += 1) {
    const now = options.clock()
    const pointer = (await readPointer()) ?? beforeAny
    const marked = await readMarkedChains()
    const moved = movedIn(marked)
    if (moved.length === 0 && !options.always && !emptyIsDue(pointer, now)) {
      await settleMarks(marked, [], now)
      break
    }
    const choice = chooseLeaves(moved, now, pointer.at, most)
    await archiveLeaves({ number: pointer.number + 1, ...choice }, marked)
    const own = await signed(pointer, choice)
    const stored = await storeCheckpoint(own)
    const checkpoint = stored ? own : await winnerOf(pointer)
    await settle(checkpoint, marked, now)
    made.push({ checkpoint, before: pointer.at })
    if (stored && choice.left === 0) break
  }
  return made
}
