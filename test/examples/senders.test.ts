/** The examples' senders between the local stack and a provider that speaks HTTP, or SNS and SES. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { senderGiven } from '#local/command.ts'
import { linesOf } from '#test/support/entries.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'
import { handler as calling, spoken } from '../../examples/voice/sender.ts'
import { handler } from '../../examples/whatsapp/sender.ts'

interface Taken {
  readonly path: string
  readonly id: unknown
  readonly via: string
  readonly to: string
  readonly template: string
  readonly language: string
  readonly values: readonly string[]
  readonly say: string
}
let taken: Taken[]
/** How the provider answers its next requests; then it takes them. */
let answers: number[]

const provider = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const status = answers.shift() ?? 201
  // Taken, whatever it says of it.
  const { url: path, headers } = request
  taken.push({ path, id: headers['idempotency-key'], ...JSON.parse(Buffer.concat(chunks).toString()) })
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
type Handler = (handed: never) => Promise<void>
/** The one that the stage names just now. */
let sender: Handler
beforeEach(() => {
  taken = []
  answers = []
  sender = handler
})

const world = useWorld({
  sender: (handed: never) => sender(handed),
  settings: { SMS_SENDERS: '{}' },
})

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

describe('a voice', () => {
  const heard = { code: '482915', text: 'Your code is 482915 (ref K7QX).\n@shop.example #482915' }

  test('says a code digit by digit, and nothing that only a browser reads', () => {
    expect(spoken(heard)).toBe('Your code is 4, 8, 2, 9, 1, 5 (ref K7QX).')
    expect(spoken({ text: 'Your PIN was changed.' })).toBe('Your PIN was changed.')
  })

  test('calls for a code by SMS, which is right, and for no email', async () => {
    sender = calling
    const person = await world.identity()
    await askForPin(person)
    expect(taken).toMatchObject([{ path: '/calls', to: person.phone, language: 'en', times: 2 }])
    const otp = /\d(?:, \d){5}/.exec(taken[0]?.say ?? '')?.[0].replaceAll(', ', '')
    // The answer to the right code of somebody who has no PIN yet.
    const reset = await world.post('/api/pin/reset', { phone: person.phone, otp, newPin: '730264' })
    expect(reset.body.error?.code).toBe('NOT_ELIGIBLE')
    await expect(calling({ ...heard, channel: 'email', to: 'a@example.com', locale: 'en' })).rejects.toThrow(
      'Nobody is called for an email',
    )
  })
})

test('SNS and SES themselves, through the hook, send what the team sets there', async () => {
  vi.stubEnv('ORIGINATION_NUMBER', '+15005550006')
  // Once the world stands: its clients take the addresses of the services from the environment.
  sender = (await import('../../examples/aws-sender/sender.ts')).handler
  const person = await world.identity()
  await askForPin(person)
  await world.post('/auth/request-password-reset', { email: person.email }, { ip: newIp() })
  await world.idle()
  for (const address of [person.phone, person.email]) expect(world.codes(address)).toHaveLength(1)
  const verified = await world.post('/auth/verify-password-reset-otp', {
    email: person.email,
    otp: world.codes(person.email)[0],
  })
  expect(verified.status).toBe(200)
})
