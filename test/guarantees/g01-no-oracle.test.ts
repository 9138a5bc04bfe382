/** G1: asking for, proving and using a code answers the same, for the same AWS calls, whoever is meant. Each case: `npm run prove -- whole-tests`. */
import { test } from 'vitest'
import { useWorld } from '#test/support/use-world.ts'
import { todaysPart } from './g01-cases.ts'
import { codeCases } from './g01-code-cases.ts'
import { same } from './same-reply.ts'

const world = useWorld()

test.each(todaysPart(codeCases))('$route answers $outcome: $what', (given) => same(world, given))
