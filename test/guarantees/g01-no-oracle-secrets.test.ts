/** G1: passwords, tokens and pairs are answered the same, for the same AWS calls, whoever is meant. Each case: `npm run prove -- whole-tests`. */
import { expect, test } from 'vitest'
import { useWorld } from '#test/support/use-world.ts'
import { knownAlone, outcomesOf, publicRoutes, todaysPart } from './g01-cases.ts'
import { codeCases } from './g01-code-cases.ts'
import { secretCases } from './g01-secret-cases.ts'
import { same } from './same-reply.ts'

const world = useWorld()

test.each(todaysPart(secretCases))('$route answers $outcome: $what', (given) => same(world, given))

test('each public route has a case for each outcome that unknown subjects can have', () => {
  const covered = new Set([...codeCases, ...secretCases].map(({ route, outcome }) => `${route} ${outcome}`))
  const missing = publicRoutes.flatMap((route) =>
    outcomesOf(route)
      .filter((outcome) => knownAlone[route][outcome] === undefined)
      .map((outcome) => `${route} ${outcome}`)
      .filter((name) => !covered.has(name)),
  )
  expect(missing).toEqual([])
  // An exception for what has a case, or cannot be answered at all, is none.
  const idle = publicRoutes.flatMap((route) =>
    Object.keys(knownAlone[route])
      .map((outcome) => `${route} ${outcome}`)
      .filter((name) => covered.has(name) || !outcomesOf(route).some((each) => name === `${route} ${each}`)),
  )
  expect(idle).toEqual([])
})
