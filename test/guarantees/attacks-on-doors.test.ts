/** Attacks by strangers who shut every door at once: whoever holds the message, or proves a reset, still gets in. */
import { describe, expect, test } from 'vitest'
import { flowOf } from '#shared/contract/flows.ts'
import { policy } from '#shared/policy.ts'
import { compared } from '#test/support/compared.ts'
import { linesOf } from '#test/support/entries.ts'
import { setFailedGuesses, setFailedGuessesOf, setWrongSignInCodes } from '#test/support/failed-guesses.ts'
import { pinHolder } from '#test/support/pin-holder.ts'
import { atOnce, codeOf, tally } from '#test/support/race.ts'
import {
  addressOf,
  askCode,
  codeResetFlows,
  lastRef,
  passwordEmail,
  passwordEmailBasic,
  type RecoveryFlow,
  resetSecret,
  verifyCode,
  verifyingFlows,
  wrongCode,
} from '#test/support/recovery.ts'
import { signIn } from '#test/support/sessions.ts'
import { storedChallenge, storedItem } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sampleOf } from '#test/support/whole.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorld()

interface Proof {
  readonly otp: string
  readonly flowId?: string
  readonly ref?: string
}

/** A route that judges codes, with what is known of the flow. */
interface Door {
  readonly name: string
  readonly flow: RecoveryFlow
  readonly knock: (person: TestIdentity, proof: Proof) => ReturnType<typeof verifyCode>
}

const doors: readonly Door[] = [
  ...verifyingFlows.map((flow) => ({
    name: `verify of ${flow.id}`,
    flow,
    knock: (person: TestIdentity, proof: Proof) => verifyCode(world, flow, person, proof),
  })),
  ...codeResetFlows.map((flow) => ({
    name: `reset of ${flow.id}`,
    flow,
    knock: (person: TestIdentity, proof: Proof) => resetSecret(world, flow, person, { ...proof }),
  })),
]

const someone = (flow: RecoveryFlow) => (flow.secret === 'newPin' ? pinHolder(world) : world.identity())
/** Of the form of a reference, and not the one given. */
const otherRef = (ref: string) => `${ref.slice(1)}${ref.startsWith('C') ? 'D' : 'C'}`

/** Each door in two days; all of them: `npm run prove -- whole-tests`. */
describe.each(sampleOf(doors, 3))('$name', ({ flow, knock }) => {
  const { triesPerCode } = flowOf(flow.id)

  /** A stranger asks for the code himself, and so knows its flowId, and burns what he can. */
  async function burnt() {
    const person = await someone(flow)
    const { code, flowId } = await askCode(world, flow, person)
    const otp = wrongCode(code)
    for (let tries = 0; tries < triesPerCode; tries += 1)
      for (const named of [{}, { flowId }])
        expect(codeOf(await knock(person, { otp, ...named }))).toBe('OTP_INVALID')
    return { person, code, flowId, ref: lastRef(world, addressOf(flow, person)) }
  }

  test('the owner gets in with the code that a stranger asked for and burnt, by the reference in the message', async () => {
    const { person, code, flowId, ref } = await burnt()
    for (const named of [{}, { flowId }, { ref: otherRef(ref) }, { flowId, ref: otherRef(ref) }])
      expect(codeOf(await knock(person, { otp: code, ...named }))).toBe('TRIES_EXHAUSTED')
    expect(codeOf(await knock(person, { otp: code, ref: ref.toLowerCase() }))).toBe('OK')
  })

  test('the right reference has tries of its own, no more than the others, and gives none to a wrong one', async () => {
    const { person, code, ref } = await burnt()
    const otp = wrongCode(code)
    const replies = await atOnce(12, () => knock(person, { otp, ref }))
    expect(tally(replies)).toEqual({ OTP_INVALID: triesPerCode, TRIES_EXHAUSTED: 12 - triesPerCode })
    expect(compared(replies)).toHaveLength(triesPerCode)
    expect(codeOf(await knock(person, { otp: code, ref }))).toBe('TRIES_EXHAUSTED')
    expect(await storedChallenge(flow, person)).toMatchObject({
      triesOpen: triesPerCode,
      triesFlow: triesPerCode,
      triesRef: triesPerCode,
    })
  })
})

test('a wrong reference is as good as none: it counts where a call without one does', async () => {
  const flow = passwordEmailBasic
  const person = await world.identity()
  const { code, flowId } = await askCode(world, flow, person)
  const ref = otherRef(lastRef(world, person.email))
  const otp = wrongCode(code)
  await verifyCode(world, flow, person, { otp, ref })
  await verifyCode(world, flow, person, { otp, ref, flowId })
  expect(await storedChallenge(flow, person)).toMatchObject({ triesOpen: 1, triesFlow: 1 })
  expect((await storedChallenge(flow, person))?.triesRef ?? 0).toBe(0)
  expect(codeOf(await verifyCode(world, flow, person, { otp: code, ref }))).toBe('OK')
})

test('the reference goes on with the code once that is verified, and so do the tries by it', async () => {
  const flow = passwordEmailBasic
  const person = await world.identity()
  const { code, flowId } = await askCode(world, flow, person)
  const ref = lastRef(world, person.email)
  const otp = wrongCode(code)
  expect(codeOf(await verifyCode(world, flow, person, { otp, ref }))).toBe('OTP_INVALID')
  expect(codeOf(await verifyCode(world, flow, person, { otp: code }))).toBe('OK')
  for (const named of [{}, { flowId }])
    await atOnce(5, () => resetSecret(world, flow, person, { otp, ...named }))
  expect(codeOf(await resetSecret(world, flow, person, { otp, ref }))).toBe('OTP_INVALID')
  expect(codeOf(await resetSecret(world, flow, person, { otp: code, ref }))).toBe('OK')
})

test('no reply and no entry tells the reference', async () => {
  const person = await world.identity()
  const replies = []
  replies.push(await world.post(passwordEmail.request, { email: person.email }, { ip: newIp() }))
  const otp = await world.lastCode(person.email)
  const ref = lastRef(world, person.email)
  replies.push(await verifyCode(world, passwordEmail, person, { otp: wrongCode(otp), ref }))
  replies.push(await verifyCode(world, passwordEmail, person, { otp, ref }))
  const said = JSON.stringify([replies.map(({ body }) => body), await world.ledger(person.userId)])
  expect(said).not.toMatch(new RegExp(`\\b${ref}\\b`))
})

const login = (person: TestIdentity, identifier: string, password = person.password) =>
  world.post('/api/auth/login', { identifier, password }, { ip: newIp() })

test('ten wrong passwords for each alias do not stand against the sign-in after a proved reset', async () => {
  for (const flow of sampleOf([passwordEmailBasic, passwordEmail], 1)) {
    const person = await world.identity()
    const aliases = [person.email, person.username, person.phone]
    for (const identifier of aliases)
      for (let guess = 1; guess <= 10; guess += 1)
        expect(codeOf(await login(person, identifier, 'not this one'))).toBe('CREDENTIALS_INVALID')
    for (const identifier of aliases) expect(codeOf(await login(person, identifier))).toBe('RATE_LIMITED')
    const { code: otp } = await askCode(world, flow, person)
    expect(codeOf(await resetSecret(world, flow, person, { otp }))).toBe('OK')
    for (const identifier of aliases)
      expect(codeOf(await login(person, identifier, flow.newSecret)), identifier).toBe('OK')
  }
})

test('a lock by wrong sign-in codes ends with the owner’s reset, and the sign-in that it promises works', async () => {
  const person = await world.identity({ mfaEnabled: true })
  await setWrongSignInCodes(person.userId, policy.wrongSignInCodesPerIdentity)
  expect(codeOf(await login(person, person.email))).toBe('TRIES_EXHAUSTED')
  const { code: otp } = await askCode(world, passwordEmailBasic, person)
  expect(codeOf(await resetSecret(world, passwordEmailBasic, person, { otp }))).toBe('OK')
  const signedIn = await login(person, person.email, passwordEmailBasic.newSecret)
  expect(codeOf(signedIn)).toBe('OK')
  const { challengeId } = signedIn.body.data
  const code = await world.lastCode(person.phone)
  expect(codeOf(await world.post('/api/auth/login/verify', { challengeId, otp: code }))).toBe('OK')
})

const daySeconds = policy.freezeSeconds

describe('a freeze over all aliases', () => {
  const frozenFor = async ({ userId }: TestIdentity) =>
    Math.round((Number((await storedItem(`J#${userId}`))?.['frozenUntil']) - Date.now()) / 1000)

  async function freezeAll(person: TestIdentity): Promise<void> {
    const { code } = await askCode(world, passwordEmailBasic, person)
    await setFailedGuessesOf(person.userId, policy.failedGuessesBeforeFreeze - 1)
    await verifyCode(world, passwordEmailBasic, person, { otp: wrongCode(code) })
    await world.idle()
  }

  test('lasts a day, the second and the third time too', async () => {
    const person = await world.identity()
    for (let time = 1; time <= 3; time += 1) {
      await freezeAll(person)
      const seconds = await frozenFor(person)
      expect(seconds, `freeze ${time}`).toBeGreaterThan(daySeconds - 60)
      expect(seconds, `freeze ${time}`).toBeLessThanOrEqual(daySeconds)
      await world.pass(daySeconds + 1)
    }
    expect((await askCode(world, passwordEmailBasic, person)).code).toMatch(/^[0-9]{6}$/)
  })

  test('ends with a sign-in, of one without MFA too', async () => {
    const person = await world.identity()
    await freezeAll(person)
    expect(await frozenFor(person)).toBeGreaterThan(0)
    await signIn(world, person)
    await world.idle()
    expect(await frozenFor(person)).toBeNaN()
    await world.pass(61)
    expect((await askCode(world, passwordEmailBasic, person)).code).toMatch(/^[0-9]{6}$/)
  })
})

test('a freeze of what was typed lasts a day, the second time too', async () => {
  const person = await world.identity()
  for (let time = 1; time <= 2; time += 1) {
    const { code } = await askCode(world, passwordEmailBasic, person)
    await setFailedGuesses({ kind: 'email', value: person.email }, policy.failedGuessesBeforeFreeze - 1)
    await verifyCode(world, passwordEmailBasic, person, { otp: wrongCode(code) })
    const refused = await world.post(passwordEmail.request, { email: person.email }, { ip: newIp() })
    expect(codeOf(refused)).toBe('TRIES_EXHAUSTED')
    expect(Number(refused.headers.get('retry-after')), `freeze ${time}`).toBeLessThanOrEqual(daySeconds)
    await world.pass(daySeconds + 1)
  }
})

describe('guesses at codes that nobody asked for', () => {
  const most = policy.uncountedGuessEntriesPerIpHour
  const guess = ({ email }: TestIdentity, ip: string) =>
    world.post(passwordEmail.verify ?? '', { email, otp: '123456' }, { ip })
  const unknownOf = async ({ userId }: TestIdentity) =>
    (await linesOf(world, userId)).filter((line) => line === 'CODE_VERIFIED failure unknown').length

  test('leave fifty entries an hour and address, then one that says so; all are answered alike', async () => {
    const [person, ip] = [await world.identity(), newIp()]
    const replies = await atOnce(most + 15, () => guess(person, ip))
    expect(tally(replies)).toEqual({ OTP_INVALID: most + 15 })
    expect(await unknownOf(person)).toBe(most)
    expect(
      (await linesOf(world, person.userId)).filter(
        (line) => line === 'LIMIT_REACHED failure uncounted-guesses',
      ),
    ).toHaveLength(1)
    await guess(person, newIp())
    expect(await unknownOf(person)).toBe(most + 1)
    await world.pass(3601)
    await guess(person, ip)
    expect(await unknownOf(person)).toBe(most + 2)
  })

  test('past these, guesses at a live code of the same address are each an entry, as ever', async () => {
    const [person, ip] = [await world.identity(), newIp()]
    await atOnce(most, () => guess(person, ip))
    const { code } = await askCode(world, passwordEmail, person)
    await verifyCode(world, passwordEmail, person, { otp: wrongCode(code) }, { ip })
    expect(await linesOf(world, person.userId)).toContain('CODE_VERIFIED failure wrong_code')
  })
})
