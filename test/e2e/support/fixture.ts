/** A world and a browser for one test file. */
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { createWorld, type World } from '#test/support/world.ts'
import { catalogue as ar } from '../../../web/texts/ar.ts'
import { catalogue as en } from '../../../web/texts/en.ts'
import { catalogue as hi } from '../../../web/texts/hi.ts'
import {
  desktop,
  type OpenedBrowser,
  openBrowser,
  phone,
  usualPhone,
  type Visit,
  type Visitor,
  visit,
} from './visit.ts'

/** English at a desk, Arabic on a small phone, Hindi on a usual one. */
export const visitors = [
  { catalogue: en, size: desktop },
  { catalogue: ar, size: phone },
  { catalogue: hi, size: usualPhone },
] as const

/** The first two languages, which run in either direction, at every size. */
export const everyVisitor = [
  ...visitors,
  { catalogue: en, size: phone },
  { catalogue: ar, size: desktop },
] as const

/**
 * Each visit is closed after its test, and must have left no complaint in the browser's console.
 * @param start of another world than the usual one
 */
export function fixture(start: () => Promise<World> = () => createWorld()) {
  let world: World
  let opened: OpenedBrowser
  let visits: Visit[] = []
  beforeAll(async () => {
    world = await start()
    opened = await openBrowser()
  })
  afterEach(async () => {
    const done = visits
    visits = []
    for (const each of done) await each.close()
    expect(done.flatMap(({ complaints }) => complaints)).toEqual([])
  })
  afterAll(async () => {
    await opened.close()
    await world.close()
  })
  return {
    get world() {
      return world
    },
    async visit(visitor: Visitor = visitors[0]): Promise<Visit> {
      const entered = await visit(opened.browser, world, visitor)
      visits.push(entered)
      return entered
    },
  }
}
