/** PIN resets that may not be: what is told, recorded and left as it was. */
import { expect, test } from 'vitest'
import { entriesOf, linesOf } from '#test/support/entries.ts'
import { firstPin, pinHolder } from '#test/support/pin-holder.ts'
import { askCode, pinReset, resetSecret, wrongCode } from '#test/support/recovery.ts'
import { epochOf, storedChallenge, storedIdentity } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const answer = ({ status, body }: { status: number; body: { error?: { code: string } } }) => [
  status,
  body.error?.code,
]
const invalid = [401, 'OTP_INVALID']

test('a PIN of a wrong format or with a pattern is refused before the code is looked at', async () => {
  const person = await pinHolder(world)
  const { code: otp } = await askCode(world, pinReset, person)
  const before = [await storedChallenge(pinReset, person), await storedIdentity(person.userId)]
  for (const pin of ['', '12345', '1234567', '48291a', '４８２９１５', ' 48291'])
    expect(answer(await resetSecret(world, pinReset, person, { otp }, pin))).toEqual([400, 'PIN_FORMAT'])
  for (const pin of ['777777', '123456', '987654', '121212', '123123', '112233'])
    expect(answer(await resetSecret(world, pinReset, person, { otp }, pin))).toEqual([400, 'PIN_TRIVIAL'])
  expect([await storedChallenge(pinReset, person), await storedIdentity(person.userId)]).toEqual(before)
  expect((await resetSecret(world, pinReset, person, { otp })).status).toBe(200)
  expect((await linesOf(world, person.userId)).filter((line) => line.startsWith('PIN_RESET'))).toEqual([
    'PIN_RESET success',
  ])
})

test('a wrong code is PIN_RESET, failure, wrong_code, otpVerified false', async () => {
  const person = await pinHolder(world)
  const { code: otp } = await askCode(world, pinReset, person)
  const before = await storedIdentity(person.userId)
  expect(answer(await resetSecret(world, pinReset, person, { otp: wrongCode(otp) }))).toEqual(invalid)
  expect(await storedIdentity(person.userId)).toEqual(before)
  expect((await entriesOf(world, person.userId)).at(-1)).toMatchObject({
    type: 'PIN_RESET',
    outcome: 'failure',
    reason: 'wrong_code',
    otpVerified: false,
    userId: person.userId,
  })
})

test('the old PIN may not stay, and the refusal gives the try back', async () => {
  const person = await pinHolder(world)
  const { code: otp } = await askCode(world, pinReset, person)
  for (let again = 0; again < 4; again += 1)
    expect(answer(await resetSecret(world, pinReset, person, { otp }, firstPin))).toEqual([400, 'PIN_REUSED'])
  expect(await storedChallenge(pinReset, person)).toMatchObject({ state: 'ISSUED', triesOpen: 0 })
  expect((await resetSecret(world, pinReset, person, { otp })).status).toBe(200)
  expect((await linesOf(world, person.userId)).slice(-5)).toEqual([
    ...Array(4).fill('PIN_RESET failure pin_reused'),
    'PIN_RESET success',
  ])
})

test('without a PIN the right code, and only that, tells there is nothing to reset', async () => {
  const person = await world.identity()
  const { code: otp } = await askCode(world, pinReset, person)
  expect(answer(await resetSecret(world, pinReset, person, { otp: wrongCode(otp) }))).toEqual(invalid)
  expect(answer(await resetSecret(world, pinReset, person, { otp }))).toEqual([403, 'NOT_ELIGIBLE'])
  expect(await storedChallenge(pinReset, person)).toMatchObject({ state: 'ISSUED', triesOpen: 1 })
  expect((await storedIdentity(person.userId))?.['pin']).toBeUndefined()
  expect((await linesOf(world, person.userId)).at(-1)).toBe('PIN_RESET failure not_eligible')
})

test('after three wrong codes the right one is refused too, and the PIN stays', async () => {
  const person = await pinHolder(world)
  const { code: otp } = await askCode(world, pinReset, person)
  for (let wrong = 0; wrong < 3; wrong += 1)
    expect(answer(await resetSecret(world, pinReset, person, { otp: wrongCode(otp) }))).toEqual(invalid)
  const before = await storedIdentity(person.userId)
  const refused = await resetSecret(world, pinReset, person, { otp })
  expect(answer(refused)).toEqual([429, 'TRIES_EXHAUSTED'])
  const seconds = Number(refused.headers.get('retry-after'))
  expect(seconds).toBeGreaterThanOrEqual(1)
  expect(seconds).toBeLessThanOrEqual(60)
  expect(await storedIdentity(person.userId)).toEqual(before)
  expect((await linesOf(world, person.userId)).at(-1)).toBe('LIMIT_REACHED failure tries')
})

test('an expired code, a used code and a code that was never asked for are one answer', async () => {
  const [late, used, never] = [await pinHolder(world), await pinHolder(world), await pinHolder(world)]
  const { code: usedCode } = await askCode(world, pinReset, used)
  expect((await resetSecret(world, pinReset, used, { otp: usedCode })).status).toBe(200)
  const { code: lateCode } = await askCode(world, pinReset, late)
  const usedAgain = await resetSecret(world, pinReset, used, { otp: usedCode }, pinReset.otherSecret)
  await world.pass(300)
  expect(await storedChallenge(pinReset, late)).toMatchObject({ state: 'ISSUED' })
  const replies = [
    usedAgain,
    await resetSecret(world, pinReset, late, { otp: lateCode }),
    await resetSecret(world, pinReset, never, { otp: '135790' }),
    await resetSecret(world, pinReset, { ...never, phone: '+201288888888' }, { otp: '135790' }),
  ]
  for (const { status, body } of replies)
    expect({ status, ...body, requestId: '' }).toEqual({ status: 401, ...replies[0]?.body, requestId: '' })
  expect((await linesOf(world, late.userId)).at(-1)).toBe('PIN_RESET failure expired')
})

test('a code is dead once a password reset, a suspension or a new phone came between', async () => {
  const changes = [{ status: 'suspended' }, { phone: '+201288888001' }, { mfaEnabled: true }]
  for (const change of changes) {
    const person = await pinHolder(world)
    const { code: otp } = await askCode(world, pinReset, person)
    expect((await world.put(`/admin/identities/${person.userId}`, change)).status).toBe(200)
    const epoch = await epochOf(person.userId)
    expect(answer(await resetSecret(world, pinReset, person, { otp }))).toEqual(invalid)
    expect(await epochOf(person.userId)).toBe(epoch)
    expect(await linesOf(world, person.userId)).toContain('PIN_RESET failure stale_epoch')
  }
})

test('of eight resets at once with one code one changes the PIN', async () => {
  const person = await pinHolder(world)
  const { code: otp } = await askCode(world, pinReset, person)
  const epoch = await epochOf(person.userId)
  const pins = Array.from({ length: 8 }, (_, turn) => `48291${turn}`)
  const replies = await Promise.all(pins.map((pin) => resetSecret(world, pinReset, person, { otp }, pin)))
  expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(await epochOf(person.userId)).toBe(epoch + 1)
  const lines = await linesOf(world, person.userId)
  expect(lines.filter((line) => line === 'PIN_RESET success')).toHaveLength(1)
})

test('a suspended identity is sent no code and answered like an unknown one', async () => {
  const person = await pinHolder(world)
  await world.put(`/admin/identities/${person.userId}`, { status: 'suspended' })
  await world.idle()
  const before = world.messages(person.phone).length
  expect((await world.post(pinReset.request, { phone: person.phone }, { ip: newIp() })).status).toBe(200)
  expect(answer(await resetSecret(world, pinReset, person, { otp: '135790' }))).toEqual(invalid)
  expect(await linesOf(world, person.userId)).toContain('CODE_NOT_SENT failure suspended')
  expect(world.messages(person.phone)).toHaveLength(before)
})
