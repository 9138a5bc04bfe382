/** G5: after a hundred failed guesses in a row recovery is frozen: for a typed subject, and for a person over all aliases. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { policy } from '#shared/policy.ts'
import { entriesOf, lineOf } from '#test/support/entries.ts'
import { pinHolder } from '#test/support/pin-holder.ts'
import { atOnce, codeOf, tally } from '#test/support/race.ts'
import {
  askCode,
  passwordEmail,
  passwordEmailBasic,
  pinReset,
  type RecoveryFlow,
} from '#test/support/recovery.ts'
import { createWorld, newIp, type World } from '#test/support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ settings: { LOGIN_FLOOR_MS: '0' } })
})
afterAll(() => world.close())

/** Asks and guesses wrong on both counters, until nothing more is taken. @returns the answers to the guesses */
async function burn(flow: RecoveryFlow, typed: Readonly<Record<string, string>>): Promise<string[]> {
  const asked = await world.post(flow.request, typed, { ip: newIp() })
  await world.idle()
  if (asked.status !== 200) return []
  const { flowId } = asked.body.data
  const secret = flow.secret === 'newPin' ? { newPin: flow.newSecret } : {}
  const path = flow.verify ?? flow.reset
  const replies = await atOnce(10, (index) =>
    world.post(path, { ...typed, ...secret, otp: '000000', ...(index % 2 === 0 && { flowId }) }),
  )
  return replies.map(codeOf)
}

test.each([
  ['known', true],
  ['unknown', false],
])(
  'a %s subject is frozen by the hundredth failed guess in a row over flows, for a day',
  async (_, known) => {
    const person = await world.identity()
    const email = known ? person.email : `nobody-${person.email}`
    let failed = 0
    for (let round = 0; failed < policy.failedGuessesBeforeFreeze && round < 40; round += 1) {
      for (const flow of [passwordEmail, passwordEmailBasic])
        failed += (await burn(flow, { email })).filter((code) => code === 'OTP_INVALID').length
      await world.advance(721)
    }
    expect(failed).toBe(policy.failedGuessesBeforeFreeze)
    for (const flow of [passwordEmail, passwordEmailBasic])
      expect(codeOf(await world.post(flow.request, { email }, { ip: newIp() }))).toBe('TRIES_EXHAUSTED')
    if (known) {
      const lines = (await entriesOf(world, person.userId)).map(lineOf)
      expect(lines.filter((line) => line === 'RECOVERY_FROZEN success guesses')).toHaveLength(1)
    }
    await world.advance(policy.freezeSeconds)
    expect(codeOf(await world.post(passwordEmail.request, { email }, { ip: newIp() }))).toBe('OK')
  },
)

test('an identity is sent no code after a hundred failed guesses over its aliases; an unlock lifts it', async () => {
  const person = await pinHolder(world)
  const { userId, phone, email } = person
  for (let round = 0; round < 12; round += 1) {
    for (const typed of [{ phone }, { userId }]) await burn(pinReset, typed)
    await burn(passwordEmailBasic, { email })
    await world.advance(1201)
  }
  const lines = (await entriesOf(world, userId)).map(lineOf)
  expect(lines.filter((line) => line === 'RECOVERY_FROZEN success identity_guesses')).toHaveLength(1)
  expect(lines).toContain('CODE_NOT_SENT failure identity-frozen')
  const sent = () => world.messages(email).filter(({ text }) => /[0-9]{6}/.test(text)).length
  const before = sent()
  expect(codeOf(await world.post(passwordEmail.request, { email }, { ip: newIp() }))).toBe('OK')
  await world.idle()
  expect(sent()).toBe(before)
  expect((await world.post(`/admin/identities/${userId}/unlock`)).status).toBe(200)
  await world.idle()
  await world.advance(61)
  expect((await askCode(world, passwordEmail, person)).code).toMatch(/^[0-9]{6}$/)
})

test('of guesses at once around the hundredth exactly those up to it are answered as wrong', async () => {
  const person = await world.identity()
  const { setFailedGuesses } = await import('./failed-guesses.ts')
  const { flowId } = await askCode(world, passwordEmail, person)
  await setFailedGuesses({ kind: 'email', value: person.email }, 97)
  const body = { email: person.email, otp: '000000' }
  const replies = await atOnce(40, (index) =>
    world.post(passwordEmail.verify ?? '', { ...body, ...(index % 2 === 0 && { flowId }) }),
  )
  expect(tally(replies)).toEqual({ OTP_INVALID: 3, TRIES_EXHAUSTED: 37 })
  const lines = (await entriesOf(world, person.userId)).map(lineOf)
  expect(lines.filter((line) => line.startsWith('RECOVERY_FROZEN'))).toHaveLength(1)
})
