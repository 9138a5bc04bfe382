import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { withRequestTokens } from '#local/services/request-tokens.ts'
import type { WireReply, WireRequest } from '#local/services/wire.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const requestOf = (body: string): WireRequest => ({
  method: 'POST',
  path: '/',
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.from(body),
})
const transaction = (ClientRequestToken: unknown, name = 'a') =>
  requestOf(JSON.stringify({ TransactItems: [{ Put: { TableName: name } }], ClientRequestToken }))
const done: WireReply = { status: 200, body: '{}' }
const refused: WireReply = { status: 400, body: '{"__type":"TransactionCanceledException"}' }

/** An engine that answers as told, the last answer for all that follow. */
function engine(...answers: (() => Promise<WireReply>)[]) {
  const bodies: string[] = []
  const forward = withRequestTokens(({ body }) => {
    bodies.push(body.toString())
    return (answers[bodies.length - 1] ?? answers.at(-1))?.() ?? Promise.resolve(done)
  })
  return { forward, bodies }
}

test('a transaction that comes again is answered as before and not carried out', async () => {
  const { forward, bodies } = engine()
  expect(await forward(transaction('t1'))).toBe(done)
  expect(await forward(transaction('t1'))).toBe(done)
  expect(bodies).toEqual(['{"TransactItems":[{"Put":{"TableName":"a"}}]}'])
  await forward(transaction('t2'))
  expect(bodies).toHaveLength(2)
})

test('two of one token at once are carried out once', async () => {
  const { forward, bodies } = engine()
  const replies = await Promise.all([forward(transaction('t1')), forward(transaction('t1'))])
  expect(replies).toEqual([done, done])
  expect(bodies).toHaveLength(1)
})

test('a token that comes with another transaction is refused, as DynamoDB refuses it', async () => {
  const { forward, bodies } = engine()
  await forward(transaction('t1', 'a'))
  await expect(forward(transaction('t1', 'b'))).rejects.toMatchObject({
    status: 400,
    code: 'IdempotentParameterMismatchException',
  })
  expect(bodies).toHaveLength(1)
})

test('a transaction that was refused or lost may be tried again with its token, also by one who waited for it', async () => {
  const lost = () => Promise.reject(new Error('socket hang up'))
  const { forward, bodies } = engine(
    async () => refused,
    lost,
    async () => done,
  )
  expect(await forward(transaction('t1'))).toBe(refused)
  const first = forward(transaction('t1'))
  const second = forward(transaction('t1'))
  await expect(first).rejects.toThrow('socket hang up')
  expect(await second).toBe(done)
  expect(await forward(transaction('t1'))).toBe(done)
  expect(bodies).toHaveLength(3)
})

test('a token is forgotten after two minutes, and those after it are not', async () => {
  const { forward, bodies } = engine()
  await forward(transaction('t1'))
  vi.advanceTimersByTime(60_000)
  await forward(transaction('t2'))
  vi.advanceTimersByTime(60_001)
  await forward(transaction('t2'))
  expect(bodies).toHaveLength(2)
  await forward(transaction('t1'))
  expect(bodies).toHaveLength(3)
})

test.each([
  ['no token', { TransactItems: [] }],
  ['a token that is no text', { ClientRequestToken: 7 }],
  ['an empty one', { ClientRequestToken: '' }],
  ['one that is too long', { ClientRequestToken: 'x'.repeat(37) }],
])('%s goes to the engine as it came, each time', async (_, input) => {
  const { forward, bodies } = engine()
  const body = JSON.stringify(input)
  await forward(requestOf(body))
  await forward(requestOf(body))
  expect(bodies).toEqual([body, body])
})

test('what is no JSON goes to the engine as it came', async () => {
  const { forward, bodies } = engine(async () => refused)
  expect(await forward(requestOf('{"ClientRequestToken":"t1"'))).toBe(refused)
  expect(bodies).toEqual(['{"ClientRequestToken":"t1"'])
})
