/** The example's sender between the local stack and a provider that speaks HTTP. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { senderGiven } from '#local/command.ts'
import { linesOf } from '#test/support/entries.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'
import { handler } from '../../examples/whatsapp/sender.ts'

interface Taken {
  readonly id: unknown
  readonly via: string
  readonly to: string
  readonly template: string
  readonly language: string
  readonly values: readonly string[]
}
let taken: Taken[]
/** How the provider answers its next requests; then it takes them. */
let answers: number[]

const provider = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const status = answers.shift() ?? 201
  // Taken, whatever it says of it.
  taken.push({ id: request.headers['idempotency-key'], ...JSON.parse(Buffer.concat(chunks).toString()) })
  response.writeHead(status).end()
})
beforeAll(async () => {
  provider.listen(0, '127.0.0.1')
  await once(provider, 'listening')
  vi.stubEnv('PROVIDER_URL', `http://127.0.0.1:${(provider.address() as AddressInfo).port}`)
})
afterAll(() => {
  vi.unstubAllEnvs()
  provider.close()
})
beforeEach(() => {
  taken = []
  answers = []
})

const world = useWorld({ sender: handler, settings: { SMS_SENDERS: '{}' } })

async function askForPin({ phone }: TestIdentity): Promise<void> {
  await world.post('/api/pin/reset/request', { phone }, { ip: newIp() })
  await world.idle()
}

test('a code goes by the provider in place of SNS, without any registration of SNS, and is right', async () => {
  const person = await world.identity({ locale: 'ar' })
  const pair = { identifier: person.username, phone: person.phone }
  await world.post('/api/password-reset/request', pair, { ip: newIp() })
  await world.idle()
  expect(world.messages(person.phone)).toEqual([])
  expect(taken).toMatchObject([
    { via: 'whatsapp', to: person.phone, template: 'code.password', language: 'ar' },
  ])
  const [otp, minutes] = taken[0]?.values ?? []
  expect(minutes).toBe('10')
  const verified = await world.post('/api/password-reset/verify-otp', { ...pair, otp })
  expect(verified.status).toBe(200)
})

test('is loaded as LATCHKEY_SENDER names it, and what is no sender is refused by name', async () => {
  vi.stubEnv('LATCHKEY_SENDER', 'examples/whatsapp/sender.ts')
  expect((await senderGiven()).sender).toBe(handler)
  vi.stubEnv('LATCHKEY_SENDER', 'examples/whatsapp/gone.ts')
  await expect(senderGiven()).rejects.toThrow('LATCHKEY_SENDER is examples/whatsapp/gone.ts, which cannot')
  vi.stubEnv('LATCHKEY_SENDER', 'examples/events/end-sessions.ts')
  await expect(senderGiven()).rejects.toThrow('whose default export is no function')
  vi.stubEnv('LATCHKEY_SENDER', '')
  expect(await senderGiven()).toEqual({})
})

test('a provider that took a code and said it had not is handed the same once more, under the same id', async () => {
  const person = await world.identity()
  answers = [500]
  await askForPin(person)
  expect(taken).toHaveLength(2)
  expect(taken[1]).toEqual(taken[0])
  expect(await linesOf(world, person.userId)).toEqual(['CODE_REQUESTED success', 'CODE_SENT success'])
})
