/** A takeover, and its owner's 'it was not me': what the intruder still holds is dead, and only a press counts. */
import { describe, expect, test } from 'vitest'
import { linesOf } from '#test/support/entries.ts'
import { disown, lastToken, linksIn, notMePath } from '#test/support/not-me.ts'
import { holdEventsToSchemas } from '#test/support/published.ts'
import { atOnce, codeOf } from '#test/support/race.ts'
import {
  askCode,
  passwordEmail,
  passwordEmailBasic,
  passwordTwoFactor,
  pinReset,
  resetSecret,
  verifyCode,
} from '#test/support/recovery.ts'
import { answerOf, resetByEmail, signIn } from '#test/support/sessions.ts'
import { epochOf, storedIdentity } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sized } from '#test/support/whole.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorld()

const taken = 'their pass 123'
const login = ({ email }: TestIdentity, password = taken) =>
  world.post('/api/auth/login', { identifier: email, password }, { ip: newIp() })

async function takenOver(given?: Record<string, unknown>) {
  const person = await world.identity(given)
  await resetByEmail(world, person, taken)
  const token = await lastToken(world, person.email)
  await world.pass(61)
  return { person, token }
}

test('a mail scanner that fetches every link, by every method but POST, triggers nothing; the press does', async () => {
  const { person, token } = await takenOver()
  const links = [...world.messages(person.email), ...world.messages(person.phone)].flatMap(({ text, html }) =>
    linksIn(`${text} ${html ?? ''}`),
  )
  expect(links.length).toBeGreaterThanOrEqual(3)
  const before = [await storedIdentity(person.userId), await linesOf(world, person.userId)]
  const paths = [
    ...links.map((link) => new URL(link).pathname),
    notMePath,
    `${notMePath}?token=${token}`,
    `/not-me?token=${token}`,
    `${notMePath}/${token}`,
  ]
  for (const path of paths)
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      // A scanner sends no fragment, as no client does.
      const reply = await fetch(world.url + path, { method, redirect: 'manual' })
      expect([path, method, reply.status]).not.toEqual([path, method, 500])
    }
  expect((await fetch(world.url + notMePath)).status).toBe(405)
  // Nor does a form that a page of another site submits.
  const form = new URLSearchParams({ token })
  expect((await fetch(world.url + notMePath, { method: 'POST', body: form })).status).toBe(415)
  expect([await storedIdentity(person.userId), await linesOf(world, person.userId)]).toEqual(before)
  expect(answerOf(await disown(world, token))).toBe('200')
})

describe('what the intruder holds when its owner presses', () => {
  test('a code that was delivered, a code that was proved, and its token are dead, by every path', async () => {
    const { person, token } = await takenOver()
    const issued = await askCode(world, passwordEmailBasic, person)
    const byEmail = await askCode(world, passwordEmail, person)
    const proved = await verifyCode(world, passwordEmail, person, { otp: byEmail.code })
    const bySms = await askCode(world, passwordTwoFactor, person)
    const verified = await verifyCode(world, passwordTwoFactor, person, { otp: bySms.code })
    expect([proved.status, verified.status]).toEqual([200, 200])
    expect(answerOf(await disown(world, token))).toBe('200')
    const before = await storedIdentity(person.userId)
    const tries = [
      () => verifyCode(world, passwordEmailBasic, person, { otp: issued.code }),
      () => resetSecret(world, passwordEmailBasic, person, { otp: issued.code }),
      () => resetSecret(world, passwordEmail, person, { token: proved.body.token }),
      () => resetSecret(world, passwordEmail, person, { otp: byEmail.code, flowId: byEmail.flowId }),
      () => resetSecret(world, passwordTwoFactor, person, { resetToken: verified.body.resetToken }),
    ]
    const answers = []
    for (const each of tries) answers.push(codeOf(await each()))
    expect(answers).toEqual(['OTP_INVALID', 'OTP_INVALID', 'TOKEN_INVALID', 'OTP_INVALID', 'TOKEN_INVALID'])
    expect(await storedIdentity(person.userId)).toEqual(before)
    expect(answerOf(await login(person))).toBe('401 CREDENTIALS_INVALID')
  })

  test('a PIN reset code, a step-up and a sign-in that waits for its code are dead', async () => {
    const { person, token } = await takenOver({ mfaEnabled: true })
    const pin = await askCode(world, pinReset, person)
    const waiting = (await login(person)).body.data
    const otp = await world.lastCode(person.phone)
    const second = (await login(person)).body.data
    const session = (
      await world.post('/api/auth/login/verify', {
        challengeId: second.challengeId,
        otp: await world.lastCode(person.phone),
      })
    ).body.data.accessToken
    await world.post('/api/auth/step-up/request', {}, { token: session })
    const lift = await world.lastCode(person.phone)
    expect(answerOf(await disown(world, token))).toBe('200')
    expect(codeOf(await resetSecret(world, pinReset, person, { otp: pin.code }))).toBe('OTP_INVALID')
    const late = { challengeId: waiting.challengeId, otp }
    expect(codeOf(await world.post('/api/auth/login/verify', late))).toBe('OTP_INVALID')
    expect(codeOf(await world.post('/api/auth/step-up/verify', { otp: lift }, { token: session }))).toBe(
      'SESSION_INVALID',
    )
  })

  test('an order of a code that was on its way is not sent, or sends a code that changes nothing', async () => {
    const { person, token } = await takenOver()
    const [asked, pressed] = await Promise.all([
      world.post(passwordEmail.request, passwordEmail.typed(person), { ip: newIp() }),
      disown(world, token, {}),
    ])
    expect([asked.status, pressed.status]).toEqual([200, 200])
    await world.idle()
    const code = /(?<!\d)\d{6}(?!\d)/.exec(
      world.messages(person.email).findLast(({ subject }) => /code/.test(subject ?? ''))?.text ?? '',
    )?.[0]
    const reply = await resetSecret(world, passwordEmail, person, { otp: code ?? '000000' })
    expect(codeOf(reply)).toBe('OTP_INVALID')
  })
})

test('a reset and a press at once: in whichever order they commit, the password cannot be used', async () => {
  for (let round = 0; round < sized(2, 4); round += 1) {
    const { person, token } = await takenOver()
    const { code } = await askCode(world, passwordEmail, person)
    const epoch = await epochOf(person.userId)
    const [, pressed] = await Promise.all([
      atOnce(3, () => resetSecret(world, passwordEmail, person, { otp: code })),
      disown(world, token, {}),
    ])
    expect(answerOf(pressed)).toBe('200')
    const resets = (await linesOf(world, person.userId)).filter((line) => line === 'PASSWORD_RESET success')
    expect(await epochOf(person.userId)).toBe(epoch + resets.length)
    const { resetRequired, recoveryFrozenUntil } = (await storedIdentity(person.userId)) ?? {}
    expect(Number(recoveryFrozenUntil)).toBeGreaterThan(Date.now())
    for (const password of [taken, passwordEmail.newSecret])
      expect(answerOf(await login(person, password))).toBe('401 CREDENTIALS_INVALID')
    expect(resetRequired).toBe(true)
  }
})

test('one link after the other, of two changes: each counts once, and the freeze starts anew', async () => {
  const { person, token } = await takenOver()
  const session = await signIn(world, { ...person, password: taken })
  const change = { password: taken, newPassword: 'Quiet-Harbour-71' }
  expect(answerOf(await world.post('/api/auth/password/change', change, { token: session }))).toBe('200')
  const later = await lastToken(world, person.email)
  expect(later).not.toBe(token)
  await disown(world, token)
  const first = Number((await storedIdentity(person.userId))?.['recoveryFrozenUntil'])
  await world.pass(3600)
  expect(answerOf(await disown(world, later))).toBe('200')
  expect(answerOf(await disown(world, later))).toBe('401 TOKEN_INVALID')
  const second = Number((await storedIdentity(person.userId))?.['recoveryFrozenUntil'])
  expect(second - first).toBeGreaterThanOrEqual(3600_000)
})

holdEventsToSchemas(world)
