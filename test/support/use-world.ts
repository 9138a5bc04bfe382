/** A test file's world. */
import { afterAll, beforeAll } from 'vitest'
import type { StackOptions } from '#local/stack.ts'
import { takeShortWay } from './no-sockets.ts'
import { hashQuickly } from './quick-hashes.ts'
import { sharedWorld } from './shared-world.ts'
import { createWorld, type World } from './world.ts'

/**
 * The world of a test file: as new before the file's first test. Without options it is the one that the files of a worker
 * share, emptied; with options it is the file's own, which ends after its last test. To be called as the file is
 * read; what it gives may be used from then on, in hooks and tests.
 */
export function useWorld(options?: StackOptions): World {
  return useWorldOf(async (endLater) => {
    const shared = options === undefined ? await sharedWorld() : undefined
    return shared ?? endLater(await createWorld(options))
  })
}

type Ending = Pick<World, 'close'>
type Start<Own> = (endLater: <Ends extends Ending>(own: Ends) => Ends) => Promise<Own>

/**
 * The same of another kind of world.
 * @param start is handed what has a world end after the file's last test
 */
export function useWorldOf<Own extends object>(start: Start<Own>): Own {
  let started: Own | undefined
  let own: Ending | undefined
  beforeAll(async () => {
    takeShortWay(true)
    hashQuickly(true)
    started = await start((ends) => {
      own = ends
      return ends
    })
  })
  afterAll(async () => {
    await own?.close()
    takeShortWay(false)
    hashQuickly(false)
  })
  return new Proxy({} as Own, {
    get: (_, name) => {
      if (started === undefined) throw new Error('The world starts with the first test')
      return Reflect.get(started, name)
    },
  })
}
