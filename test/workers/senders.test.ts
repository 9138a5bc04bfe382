/** The team's own sender: handed every message in place of SNS and SES, and treated as they are where it fails. */
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { FaultMode } from '#local/services/faults.ts'
import { log } from '#shared/call/log.ts'
import { refAlphabet } from '#shared/contract/references.ts'
import type { HandedMessage } from '#shared/delivery/sender.ts'
import { linesOf } from '#test/support/entries.ts'
import { withFault } from '#test/support/faults.ts'
import { passwordEmail, passwordTwoFactor } from '#test/support/recovery.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

let handed: HandedMessage[]
/** Thrown by the sender for its next messages, having sent them. */
let failures: number
beforeEach(() => {
  handed = []
  failures = 0
})
const world = useWorld({
  sender(message: HandedMessage) {
    handed.push(message)
    if (failures-- > 0) throw new Error(`could not send ${message.code}`)
  },
})

const ask = (person: TestIdentity, flow = passwordEmail) =>
  world.post(flow.request, flow.typed(person), { ip: newIp() })
const sent = ['CODE_REQUESTED success', 'CODE_SENT success']

test('is handed a code by email: address, language, text by its name, code, life, and the whole message', async () => {
  const person = await world.identity({ locale: 'ar' })
  await ask(person)
  await world.idle()
  const [message, ...more] = handed
  expect(more).toEqual([])
  expect(message).toEqual({
    channel: 'email',
    to: person.email,
    locale: 'ar',
    template: 'code.password',
    code: expect.stringMatching(/^[0-9]{6}$/),
    minutes: 5,
    reference: expect.stringMatching(/^[A-Z0-9]{4}$/i),
    subject: expect.any(String),
    text: expect.stringContaining(message?.code ?? ''),
    html: expect.stringContaining(message?.code ?? ''),
  })
  expect(world.messages(person.email)).toEqual([])
  const verified = await world.post(passwordEmail.verify ?? '', { email: person.email, otp: message?.code })
  expect(verified.status).toBe(200)
})

test('is handed a code by SMS without subject and HTML, and a notice with the entry that it tells of', async () => {
  const person = await world.identity()
  await ask(person, passwordTwoFactor)
  await world.idle()
  expect(Object.keys(handed[0] ?? {}).sort()).toEqual(
    ['channel', 'code', 'locale', 'minutes', 'reference', 'template', 'text', 'to'].sort(),
  )
  await world.post(`/admin/identities/${person.userId}/require-reset`)
  await world.idle()
  const notice = handed.find(({ template }) => template === 'resetRequired')
  expect(notice).toMatchObject({
    channel: 'email',
    to: person.email,
    reference: expect.stringMatching(new RegExp(`^[${refAlphabet}]{8}$`)),
  })
  const found = await world.get(`/admin/identities?reference=${notice?.reference}`)
  expect(found.body.data, 'it leads to whom it was sent').toEqual({ userId: person.userId })
  expect(notice).not.toHaveProperty('code')
})

describe('where it', () => {
  const cases: [string, FaultMode, number][] = [
    ['cannot be reached', 'fail-before', 1],
    ['loses its reply', 'reset-before', 1],
    ['has no room', 'throttle', 2],
  ]
  test.each(cases)('%s, the code goes at the next try, once', async (_, mode, count) => {
    const person = await world.identity()
    await withFault(world, { service: 'lambda', mode, count, function: 'deliver' }, async () => {
      await ask(person)
      await world.idle()
    })
    expect(handed).toHaveLength(1)
    expect(await linesOf(world, person.userId)).toEqual(sent)
  })

  test('fails having sent, the same code goes again, and there is one entry of it', async () => {
    const person = await world.identity()
    failures = 1
    const logged = vi.spyOn(log, 'error')
    await ask(person)
    await world.idle()
    expect(JSON.stringify(logged.mock.calls)).not.toContain(handed[0]?.code)
    logged.mockRestore()
    expect(handed).toHaveLength(2)
    expect(handed[1]).toEqual(handed[0])
    expect(await linesOf(world, person.userId)).toEqual(sent)
  })

  test('fails having sent a notice to one of its addresses, that one is sent again, and the other is not', async () => {
    const person = await world.identity()
    await ask(person)
    await world.idle()
    const otp = handed[0]?.code ?? ''
    handed = []
    failures = 1
    await world.post(passwordEmail.reset, { email: person.email, otp, newPassword: passwordEmail.newSecret })
    await world.idle()
    const told = handed.filter(({ template }) => template === 'passwordChanged')
    expect(told.map(({ channel }) => channel).toSorted()).toEqual(expect.arrayContaining(['email', 'sms']))
    expect(told).toHaveLength(3)
    const twice = told.filter((one, at) => told.findIndex(({ channel }) => channel === one.channel) !== at)
    expect(twice).toEqual([told[0]])
  })

  test('hangs, it is given up within the run, and the code goes at the next try', async () => {
    const person = await world.identity()
    await withFault(world, { service: 'lambda', mode: 'hang', count: 1, function: 'deliver' }, async () => {
      await ask(person)
      await world.idle()
    })
    expect(handed).toHaveLength(1)
    expect(await linesOf(world, person.userId)).toEqual(sent)
  }, 30_000)
})
