/** Asking for a code with a pair while DynamoDB fails. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { linesOf } from '#test/support/entries.ts'
import { withFault } from '#test/support/faults.ts'
import { pairOf, presentPair, requestForPairPath } from '#test/support/pairs.ts'
import { passwordTwoFactor, verifyCode } from '#test/support/recovery.ts'
import { storedChallenge } from '#test/support/stored.ts'
import { createWorld, type TestIdentity, type World } from '#test/support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const ask = (person: TestIdentity) => presentPair(world, requestForPairPath, pairOf(person))
const sent = ['CODE_REQUESTED success', 'CODE_SENT success']
const called = (operation: string) =>
  ({ service: 'dynamodb', operation, function: 'request-code-for-pair' }) as const

describe.each([
  ['BatchGetItem', 'fail-before'],
  ['BatchGetItem', 'fail-after'],
  ['GetItem', 'fail-before'],
  ['GetItem', 'fail-after'],
  ['TransactWriteItems', 'fail-before'],
] as const)('%s, %s', (operation, mode) => {
  test('nothing is issued, and the next request is the first', async () => {
    const person = await world.identity()
    const reply = await withFault(world, { ...called(operation), mode }, () => ask(person))
    expect([reply.status, reply.body.error.code]).toEqual([503, 'UNAVAILABLE'])
    expect(await storedChallenge(passwordTwoFactor, person)).toBeUndefined()
    expect(await linesOf(world, person.userId)).toEqual([])
    expect((await ask(person)).status).toBe(200)
    expect(await linesOf(world, person.userId)).toEqual(sent)
  })
})

test('a commit whose reply was lost sends its one code, which is good', async () => {
  const person = await world.identity()
  const fault = { ...called('TransactWriteItems'), mode: 'fail-after' } as const
  const reply = await withFault(world, fault, () => ask(person))
  expect([reply.status, reply.body.error.code]).toEqual([503, 'UNAVAILABLE'])
  expect((await ask(person)).body.error.code).toBe('RESEND_TOO_SOON')
  const otp = await world.lastCode(person.phone)
  expect(world.messages(person.phone)).toHaveLength(1)
  expect((await verifyCode(world, passwordTwoFactor, person, { otp })).status).toBe(200)
  expect((await linesOf(world, person.userId)).toSorted()).toEqual([
    'CODE_REQUESTED success',
    'CODE_SENT success',
    'CODE_VERIFIED success',
    'LIMIT_REACHED failure cooldown',
  ])
})
