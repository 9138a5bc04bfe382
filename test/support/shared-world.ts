/**
 * One world for all files of a vitest worker that ask for no other: a stack that starts once, and is emptied before each file
 * as `POST /_local/reset` does it, so that each begins with what it would have in a world of its own (ADR 0096).
 */
import { createWorld, openWorld, type World } from './world.ts'

let shared: World | undefined
let sharing = false

/**
 * To be called before a file is read (`begin-file.ts`), since what a file reads at its top, a clock or a setting, is of this process.
 * @param shares whether the file is one that uses the shared world: it then finds it empty; otherwise it ends here
 */
export async function beginFile(shares: boolean): Promise<void> {
  sharing = shares
  if (shares) await empty()
  else await endSharedWorld()
}

/** @returns the worker's world, which starts where it is the first; undefined in a file that does not share. */
export async function sharedWorld(): Promise<World | undefined> {
  if (!sharing) return undefined
  shared ??= await createWorld()
  // Words of its own for each file: they remember where requests came from.
  return openWorld(shared.stack)
}

/** Puts clock and environment of the process back. */
export async function endSharedWorld(): Promise<void> {
  const ending = shared
  shared = undefined
  await ending?.close()
}

async function empty(): Promise<void> {
  if (shared === undefined) return
  const { status, body } = await openWorld(shared.stack).post('/_local/reset')
  if (status !== 200) throw new Error(`The shared world was not emptied: ${JSON.stringify(body)}`)
}
