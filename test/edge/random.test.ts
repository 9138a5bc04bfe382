/**
 * G13 on a small scale: storms of malformed requests between requests of people; `npm run prove -- fuzz` is the large one, with seeds of chance.
 * Every reply is held to the OpenAPI document, nothing changes, and a code asked for before a storm works after it.
 */
import { expect, test } from 'vitest'
import { useWorld } from '#test/support/use-world.ts'
import { sized } from '#test/support/whole.ts'
import { fuzz } from '../../prove/fuzz/storm.ts'
import { manyUnverified } from '../../prove/http/stack.ts'

const requests = sized(200, 400)

const world = useWorld({ settings: manyUnverified })

test('whatever is sent gets a documented answer, and what is malformed changes nothing', async () => {
  // A given seed: so few requests of chance may well be valid for the most part, or lack one kind of what is malformed.
  const tally = await fuzz(world, { requests, stormSize: 200, seed: 5 })
  expect(tally.requests).toBeGreaterThanOrEqual(requests)
  expect(tally.malformed).toBeGreaterThan(requests / 2)
  expect(tally.codesStillGood).toBeGreaterThan(0)
  const codes = [...tally.answers.keys()].map((answer) => answer.split(' ')[1])
  const each = ['MALFORMED_JSON', 'VALIDATION_FAILED', 'UNSUPPORTED_MEDIA_TYPE', 'SESSION_INVALID']
  expect(codes).toEqual(expect.arrayContaining([...each, 'METHOD_NOT_ALLOWED', 'NOT_FOUND']))
}, 180_000)
