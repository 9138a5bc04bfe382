/** G5: a hundred failed guesses in a row freeze recovery: for what was typed at once, for the person over all aliases. */
import { describe, expect, test } from 'vitest'
import { subjectKey } from '#shared/domain/subject.ts'
import { linesOf } from '#test/support/entries.ts'
import { setFailedGuesses, setFailedGuessesOf } from '#test/support/failed-guesses.ts'
import { holdEventsToSchemas } from '#test/support/published.ts'
import { atOnce, tally } from '#test/support/race.ts'
import {
  askCode,
  codeResetFlows,
  passwordEmail,
  passwordEmailBasic,
  pinReset,
  type RecoveryFlow,
  resetSecret,
  verifyCode,
  wrongCode,
} from '#test/support/recovery.ts'
import { stepUp, withPin } from '#test/support/sessions.ts'
import { storedItem } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sized } from '#test/support/whole.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorld()

const daySeconds = 24 * 3600
/** Of a hundred guesses those that are stored as made before: `npm run prove -- whole-tests` makes all. */
const stored = sized(80, 0)

const ask = (flow: RecoveryFlow, person: TestIdentity) =>
  world.post(flow.request, flow.typed(person), { ip: newIp() })

/** Wrong guesses at password-email, ten a code, five codes an hour. */
async function guessWrong(person: TestIdentity, times: number): Promise<void> {
  let left = times
  while (left > 0) {
    const asked = await ask(passwordEmail, person)
    if (asked.status !== 200) {
      await world.pass(Number(asked.headers.get('retry-after')))
      continue
    }
    await world.idle()
    const { flowId } = asked.body.data
    // The last digits of a sent code are not known here: what is guessed is never what was sent.
    const sent = world.codes(person.email).at(-1)
    const otp = wrongCode(sent ?? '000000')
    for (const proof of [{ otp }, { otp, flowId }])
      for (let guess = 0; guess < 5 && left > 0; guess += 1) {
        const reply = await verifyCode(world, passwordEmail, person, proof)
        expect(reply.body.error.code).toBe('OTP_INVALID')
        left -= 1
      }
  }
}

const fails = async (email: string) =>
  (await storedItem(`F#${subjectKey({ kind: 'email', value: email })}`))?.['fails']

describe('of what was typed', () => {
  test('the hundredth failed guess freezes request, verify and reset for a day, known or not', async () => {
    const person = await world.identity()
    const unknown = { ...person, email: `nobody-${person.email}` }
    await setFailedGuesses({ kind: 'email', value: unknown.email }, 90)
    await setFailedGuesses({ kind: 'email', value: person.email }, stored)
    for (const each of [person, unknown]) {
      await guessWrong(each, each === person ? 99 - stored : 9)
      expect(await fails(each.email)).toBe(99)
      await world.pass(60)
      const fresh = await ask(passwordEmailBasic, each)
      expect(fresh.status).toBe(200)
      await world.idle()
      const last = await verifyCode(world, passwordEmailBasic, each, { otp: '135790' })
      expect(last.body.error.code).toBe('OTP_INVALID')
      const replies = [
        await ask(passwordEmail, each),
        await ask(passwordEmailBasic, each),
        await verifyCode(world, passwordEmailBasic, each, { otp: '135791' }),
        await resetSecret(world, passwordEmailBasic, each, { otp: '135791' }),
      ]
      for (const { status, body, headers } of replies) {
        expect([status, body.error.code]).toEqual([429, 'TRIES_EXHAUSTED'])
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(daySeconds - 120)
        expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(daySeconds)
      }
      await world.pass(daySeconds)
      expect((await ask(passwordEmail, each)).status).toBe(200)
    }
    const lines = await linesOf(world, person.userId)
    expect(lines.filter((line) => line === 'RECOVERY_FROZEN success guesses')).toHaveLength(1)
    expect(lines.filter((line) => line === 'CODE_VERIFIED failure wrong_code')).toHaveLength(100 - stored)
    expect(lines.filter((line) => line === 'LIMIT_REACHED failure frozen')).toHaveLength(1)
  })

  test('of guesses at once around the hundredth exactly those up to it are answered as wrong', async () => {
    const person = await world.identity()
    const { flowId } = await askCode(world, passwordEmail, person)
    await setFailedGuesses({ kind: 'email', value: person.email }, 97)
    const requests = sized(12, 40)
    const body = { email: person.email, otp: '000000' }
    const replies = await atOnce(requests, (index) =>
      world.post(passwordEmail.verify ?? '', { ...body, ...(index % 2 === 0 && { flowId }) }),
    )
    expect(tally(replies)).toEqual({ OTP_INVALID: 3, TRIES_EXHAUSTED: requests - 3 })
    const lines = await linesOf(world, person.userId)
    expect(lines.filter((line) => line.startsWith('RECOVERY_FROZEN'))).toHaveLength(1)
  })

  test('a right code before the hundredth clears the count', async () => {
    const person = await world.identity()
    const guesses = sized(10, 30)
    await guessWrong(person, guesses)
    await world.pass(3600)
    const { code: otp } = await askCode(world, passwordEmail, person)
    expect(await fails(person.email)).toBe(guesses)
    expect((await verifyCode(world, passwordEmail, person, { otp })).status).toBe(200)
    expect(await fails(person.email)).toBe(0)
  })

  test('guesses that used up no try do not count', async () => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, passwordEmail, person)
    for (let guess = 0; guess < 9; guess += 1)
      await verifyCode(world, passwordEmail, person, { otp: wrongCode(otp) })
    await verifyCode(world, passwordEmail, person, { otp, flowId: 'nothing' })
    expect(await fails(person.email)).toBe(5)
  })
})

describe('of a person, over all aliases', () => {
  test('a hundred guesses by email and phone stop all codes for a day, told to the owner, until an unlock', async () => {
    const person = await world.identity()
    await setFailedGuessesOf(person.userId, stored)
    await guessWrong(person, 90 - stored)
    for (let guesses = 0; guesses < 10; ) {
      const asked = await ask(pinReset, person)
      if (asked.status !== 200) {
        await world.pass(Number(asked.headers.get('retry-after')))
        continue
      }
      await world.idle()
      for (let guess = 0; guess < 3 && guesses < 10; guess += 1, guesses += 1)
        await resetSecret(world, pinReset, person, { otp: '000000' })
    }
    expect(await linesOf(world, person.userId)).toContain('RECOVERY_FROZEN success identity_guesses')
    await world.idle()
    expect(
      world.messages(person.email).filter(({ subject }) => subject?.includes('resets are paused')),
    ).toHaveLength(1)
    await world.pass(3600)
    const sentBefore = world.messages(person.phone).length
    const asked = await world.post(pinReset.request, { userId: person.userId }, { ip: newIp() })
    expect(asked.status).toBe(200)
    await world.idle()
    expect(world.messages(person.phone)).toHaveLength(sentBefore)
    expect((await linesOf(world, person.userId)).at(-1)).toBe('CODE_NOT_SENT failure identity-frozen')

    const unlocked = await world.post(`/admin/identities/${person.userId}/unlock`)
    expect(unlocked.status).toBe(200)
    await world.pass(60)
    await askCode(world, pinReset, person)
  })

  const failsOf = async (userId: string) => (await storedItem(`J#${userId}`))?.['fails']

  test.each(codeResetFlows)(
    'a reset by a code of $id ends the row: the next failure is the first',
    async (flow) => {
      const { identity: person } = await withPin(world)
      await setFailedGuessesOf(person.userId, 99)
      const { code: otp } = await askCode(world, flow, person)
      expect((await resetSecret(world, flow, person, { otp }, flow.otherSecret)).status).toBe(200)
      await world.pass(60)
      const { code } = await askCode(world, flow, person)
      const wrong = await resetSecret(world, flow, person, { otp: wrongCode(code) })
      expect(wrong.body.error.code).toBe('OTP_INVALID')
      await world.idle()
      expect(await failsOf(person.userId)).toBe(1)
      expect(await linesOf(world, person.userId)).not.toContain('RECOVERY_FROZEN success identity_guesses')
    },
  )

  test('a right code whose new secret is refused ends no row: nothing has succeeded yet', async () => {
    const { identity: person } = await withPin(world, pinReset.newSecret)
    await setFailedGuessesOf(person.userId, 50)
    const { code: otp } = await askCode(world, pinReset, person)
    const reused = await resetSecret(world, pinReset, person, { otp })
    expect(reused.body.error.code).toBe('PIN_REUSED')
    await world.idle()
    expect(await failsOf(person.userId)).toBe(50)
  })

  test('a step-up ends the row', async () => {
    const { identity: person, token } = await withPin(world)
    await world.pass(60)
    await setFailedGuessesOf(person.userId, 99)
    await stepUp(world, person, token)
    await world.idle()
    expect(await failsOf(person.userId)).toBe(0)
  })
})

holdEventsToSchemas(world)
