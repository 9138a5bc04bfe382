/** G1: asking for, proving and using a code answers the same, for the same AWS calls, whoever is meant. */
import { afterAll, beforeAll, test } from 'vitest'
import { createWorld, type World } from '#test/support/world.ts'
import { codeCases } from './g01-code-cases.ts'
import { same } from './same-reply.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

test.each(codeCases)('$route answers $outcome: $what', (given) => same(world, given))
