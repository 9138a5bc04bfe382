/** G16: where a country compares each text with a registered one, an SMS carries the id of just its text, or does not leave. */
import { type PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { smsForms } from '#shared/messages/sms-forms.ts'
import { entriesOf } from '#test/support/entries.ts'
import { codeOf } from '#test/support/race.ts'
import { passwordTwoFactor, pinReset } from '#test/support/recovery.ts'
import { outboxRows } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const senders = {
  EG: { senderId: 'LATCHKEY' },
  IN: {
    senderId: 'LTCHKY',
    entityId: '1101',
    templates: {
      en: { 'code.password': '11071', 'code.pin': '11072', passwordChanged: '11073' },
      ar: { 'code.password': '11074' },
    },
  },
}

/** What went to SNS since the test began. */
const sent: PublishCommand['input'][] = []
const { send } = SNSClient.prototype
SNSClient.prototype.send = function (this: SNSClient, ...given: unknown[]) {
  sent.push((given[0] as PublishCommand).input)
  return Reflect.apply(send, this, given)
} as typeof send
const world = useWorld({ settings: { SMS_SENDERS: JSON.stringify(senders) } })
beforeEach(() => void sent.splice(0))
afterAll(() => {
  SNSClient.prototype.send = send
})

/** Attributes and text of each SMS. */
const published = (): Record<string, string | undefined>[] =>
  sent.map(({ MessageAttributes = {}, Message }) => {
    const ids = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [
      name.split('.').at(-1),
      StringValue,
    ])
    return { text: Message, ...Object.fromEntries(ids) }
  })
const indian = () => `+9198${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`
const person = (locale: string, phone = indian()) => world.identity({ phone, locale, email: undefined })
const ask = async (path: string, body: object) => {
  const reply = await world.post(path, body, { ip: newIp() })
  await world.idle()
  return reply
}
const pairOf = ({ username, phone }: { username: string; phone: string }) => ({ identifier: username, phone })

test.each([
  ['en-IN', '11071', 'en'],
  ['ar', '11074', 'ar'],
  // No text in Hindi is registered, so it is written in the default language, as before there were any.
  ['hi', '11071', 'en'],
])(
  'a code in %s carries the template of its text in the language it is written in',
  async (locale, id, language) => {
    await ask(passwordTwoFactor.request, pairOf(await person(locale)))
    expect(published()).toEqual([
      {
        text: expect.any(String),
        SMSType: 'Transactional',
        SenderID: 'LTCHKY',
        EntityId: '1101',
        TemplateId: id,
      },
    ])
    const form = smsForms(language, { product: 'Latchkey', host: 'localhost' }).get('code.password') ?? ''
    const pieces = form.split('{#var#}')
    expect(published()[0]?.['text']?.startsWith(pieces[0] ?? '')).toBe(true)
    for (const piece of pieces) expect(published()[0]?.['text']).toContain(piece)
  },
)

test('a code whose text has none is not sent, is recorded, and the caller is told nothing of it', async () => {
  const [withText, without] = [await person('en'), await person('ar')]
  const replies = [
    await ask(pinReset.request, { phone: withText.phone }),
    await ask(pinReset.request, { phone: without.phone }),
  ]
  expect(replies.map(codeOf)).toEqual(['OK', 'OK'])
  expect(world.messages(withText.phone)).toHaveLength(1)
  expect(world.messages(without.phone)).toEqual([])
  expect(published().map((sms) => sms['TemplateId'])).toEqual(['11072'])
  const unsent = (await entriesOf(world, without.userId)).filter(({ type }) => type === 'CODE_NOT_SENT')
  expect(unsent.map(({ reason, outcome }) => [reason, outcome])).toEqual([
    ['template_not_registered', 'failure'],
  ])
})

test('a notice carries the template of its own text, and one without any is not sent and not kept', async () => {
  const reset = async (locale: string) => {
    const someone = await person(locale)
    const pair = pairOf(someone)
    await ask(passwordTwoFactor.request, pair)
    const otp = await world.lastCode(someone.phone)
    const { body } = await ask('/api/password-reset/verify-otp', { ...pair, otp })
    const { resetToken } = body.data
    const done = await ask('/api/password-reset/reset', {
      ...pair,
      resetToken,
      newPassword: 'A-long-new-one-7',
    })
    expect(done.status).toBe(200)
  }
  await reset('en')
  expect(published().map((sms) => sms['TemplateId'])).toEqual(['11071', '11073'])
  sent.splice(0)
  await reset('ar')
  expect(published().map((sms) => sms['TemplateId'])).toEqual(['11074'])
  expect(await outboxRows()).toEqual([])
})

test('a country that compares no texts is sent every text, without a template', async () => {
  const egyptian = await person('ar', `+2010${String(Math.floor(Math.random() * 9e7) + 1e7)}`)
  await ask(pinReset.request, { phone: egyptian.phone })
  expect(published()).toEqual([{ text: expect.any(String), SMSType: 'Transactional', SenderID: 'LATCHKEY' }])
})
