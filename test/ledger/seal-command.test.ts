/** `latchkey ledger seal` against AWS: the sealer makes the checkpoint, and the one who asks needs no right to sign. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { handler } from '../../functions/workers/seal-ledger.ts'
import { latchkeyProcess } from './command-line.ts'
import { startLedger } from './services.ts'

let ledger: Awaited<ReturnType<typeof startLedger>>
let lambda: Server
let asked: { path: string | undefined; payload: unknown }[] = []
/** What the emulated Lambda answers with: status, the header of a failed function, payload. */
let answer: (payload: unknown) => Promise<{ status: number; failed?: true; body: unknown }>

beforeAll(async () => {
  ledger = await startLedger()
  lambda = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const payload = JSON.parse(Buffer.concat(chunks).toString())
    asked.push({ path: request.url, payload })
    const { status, failed, body } = await answer(payload)
    if (failed) response.setHeader('x-amz-function-error', 'Unhandled')
    if (status === 429) response.setHeader('x-amzn-errortype', 'TooManyRequestsException')
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => lambda.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  lambda.close()
  await ledger.close()
})
beforeEach(() => {
  asked = []
})

/** The environment of an operator: nothing there leads to the key or the bucket. */
const operator = () => {
  const { AWS_ENDPOINT_URL_KMS: _kms, AWS_ENDPOINT_URL_S3: _s3, ...rest } = ledger.services.environment
  const { port } = lambda.address() as AddressInfo
  return {
    ...rest,
    AWS_MAX_ATTEMPTS: '1',
    FUNCTION_SEAL_LEDGER: 'the-sealer',
    AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${port}`,
  }
}

test('asks the sealer for a checkpoint now, and tells of the one it made', async () => {
  answer = async (payload) => ({ status: 200, body: await handler(payload as { always: boolean }) })
  const ran = await latchkeyProcess(['ledger', 'seal'], operator())
  expect(ran.stderr).toBe('')
  expect(ran.stdout).toMatch(/^checkpoint 1 of \S+: 0 heads, root [0-9a-f]{64}\n$/)
  expect(ran.code).toBe(0)
  expect(asked).toEqual([{ path: '/2015-03-31/functions/the-sealer/invocations', payload: { always: true } }])
})

test('says so when a witness was not reached, when the sealer failed, and when it is at work', async () => {
  const results = [
    { status: 200, body: { checkpoints: [], unreached: 1 } },
    { status: 200, failed: true, body: { errorMessage: 'no' } },
    { status: 429, body: { message: 'Rate exceeded' } },
  ] as const
  const said = []
  for (const result of results) {
    answer = async () => result
    const { code, stderr } = await latchkeyProcess(['ledger', 'seal'], operator())
    said.push([code, stderr])
  }
  expect(said).toEqual([
    [1, 'latchkey: Sealed, but a witness could not be reached.\n'],
    [1, 'latchkey: The sealer failed. Its log tells why.\n'],
    [1, 'latchkey: The sealer is at work already. Ask again in a minute.\n'],
  ])
})

test('needs to be told which function it is', async () => {
  const { FUNCTION_SEAL_LEDGER: _name, ...rest } = operator()
  const ran = await latchkeyProcess(['ledger', 'seal'], rest)
  expect(ran.code).toBe(2)
  expect(ran.stderr).toContain('FUNCTION_SEAL_LEDGER is missing')
  expect(asked).toEqual([])
})

test('has the archive made good run by run, and waits while the sealer is at work', async () => {
  const place = { chain: 'identity/u-1', seq: 7 }
  const answers = [
    { status: 200, body: { entries: 5, after: place } },
    { status: 429, body: { message: 'Rate exceeded' } },
    { status: 200, body: { entries: 2 } },
  ] as const
  let next = 0
  answer = async () => answers[next++] ?? { status: 500, body: {} }
  const ran = await latchkeyProcess(['ledger', 'archive'], operator())
  expect(ran).toMatchObject({ code: 0, stdout: '7 entries are in the archive.\n' })
  const again = { archive: { after: place } }
  expect(asked.map(({ payload }) => payload)).toEqual([{ archive: {} }, again, again])
})
