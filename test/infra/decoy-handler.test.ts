/** What puts the decoy at a deployment, where IAM does not know yet what it may. */
import type { CloudFormationCustomResourceEvent } from 'aws-lambda'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { putDecoy } from '#shared/stores/identities.ts'
import { handler } from '../../infra/decoy-handler.ts'

vi.mock('#shared/stores/identities.ts', () => ({ putDecoy: vi.fn() }))

const event = {
  RequestType: 'Create',
  ResponseURL: 'http://127.0.0.1:1/',
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'Decoy',
} as CloudFormationCustomResourceEvent

const told: string[] = []
beforeEach(() => {
  told.length = 0
  vi.useFakeTimers()
  vi.stubGlobal('fetch', async (_url: string, { body }: { body: string }) => {
    told.push(JSON.parse(body).Status)
    return { ok: true }
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const run = async () => {
  const done = handler(event)
  await vi.runAllTimersAsync()
  await done
}

it('goes on until the right is there, and tells CloudFormation once', async () => {
  vi.mocked(putDecoy)
    .mockRejectedValueOnce(new Error('AccessDenied'))
    .mockRejectedValueOnce(new Error('AccessDenied'))
  await run()
  expect(putDecoy).toHaveBeenCalledTimes(3)
  expect(told).toEqual(['SUCCESS'])
})

it('gives up in time to say so', async () => {
  vi.mocked(putDecoy).mockRejectedValue(new Error('AccessDenied'))
  await run()
  expect(vi.mocked(putDecoy).mock.calls.length).toBeGreaterThan(3)
  expect(told).toEqual(['FAILED'])
})
