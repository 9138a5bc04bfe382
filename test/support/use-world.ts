/** A test file's own world. */
import { afterAll, beforeAll } from 'vitest'
import type { StackOptions } from '#local/stack.ts'
import { takeShortWay } from './no-sockets.ts'
import { createWorld, type World } from './world.ts'

/**
 * The world of a test file: it starts before the file's first test and ends after its last. To be called as the file is
 * read; what it gives may be used from then on, in hooks and tests.
 */
export function useWorld(options: StackOptions = {}): World {
  let started: World | undefined
  beforeAll(async () => {
    takeShortWay(true)
    started = await createWorld(options)
  })
  afterAll(async () => {
    await started?.close()
    takeShortWay(false)
  })
  return new Proxy({} as World, {
    get: (_, name) => {
      if (started === undefined) throw new Error('The world starts with the first test')
      return Reflect.get(started, name)
    },
  })
}
