/** Whether the API answers. */
import { expect, test } from 'vitest'
import { answerOf } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

test('it answers without a call to any service, also while DynamoDB is down', async () => {
  await world.post('/_local/faults', { service: 'dynamodb', mode: 'fail-before', count: 100 })
  const reply = await world.get('/health')
  await world.post('/_local/faults', { count: 0 })
  expect(answerOf(reply)).toBe('200')
  expect(reply.body).toEqual({ success: true, message: expect.any(String), data: { status: 'ok' } })
  const requestId = reply.headers.get('x-request-id')
  const calls = await world.get<unknown[]>(`/_local/calls?requestId=${requestId}`)
  expect(calls.body).toEqual([])
})
