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
  let started: World | undefined
  let own: World | undefined
  beforeAll(async () => {
    takeShortWay(true)
    hashQuickly(true)
    started = options === undefined ? await sharedWorld() : undefined
    if (started === undefined) started = own = await createWorld(options)
  })
  afterAll(async () => {
    await own?.close()
    takeShortWay(false)
    hashQuickly(false)
  })
  return new Proxy({} as World, {
    get: (_, name) => {
      if (started === undefined) throw new Error('The world starts with the first test')
      return Reflect.get(started, name)
    },
  })
}
