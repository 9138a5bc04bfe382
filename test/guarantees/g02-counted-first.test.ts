/** G2: no reply depends on a comparison that no conditional write has counted, under any concurrency. */
import { describe, expect, test } from 'vitest'
import { flowOf } from '#shared/contract/flows.ts'
import { policy } from '#shared/policy.ts'
import { storePerson } from '#test/support/as-stored.ts'
import { compared } from '#test/support/compared.ts'
import { entriesOf } from '#test/support/entries.ts'
import { firstPin, pinHolder } from '#test/support/pin-holder.ts'
import { atOnce, callsOf, codeOf, tally } from '#test/support/race.ts'
import {
  askCode,
  codeResetFlows,
  passwordEmail,
  passwordEmailBasic,
  passwordTwoFactor,
  pinReset,
  proofOf,
  type RecoveryFlow,
  resetSecret,
  verifyCode,
  verifyingFlows,
  wrongCode,
} from '#test/support/recovery.ts'
import { storedChallenge } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sampleOf, sized } from '#test/support/whole.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

/** More of them find rarer interleavings. */
const rounds = Number(process.env['RACE_ROUNDS'] ?? 1)
/** Hundreds for each flow, over several processes: `npm run prove -- races`; these as large as here named: `-- whole-tests`. */
const guessesAt = ({ id }: { readonly id: string }) => sized(14, id === 'password-email' ? 200 : 60)
const flood = sized(16, 60)

describe.each(verifyingFlows)('verify of $id', (flow) => {
  const { triesPerCode } = flowOf(flow.id)
  const guesses = guessesAt(flow)

  test.each([
    ['without flowId', false],
    ['with flowId', true],
  ])(
    `${guesses} wrong codes and the right one at once, %s: no more than the tries are compared`,
    async (_, named) => {
      for (let round = 0; round < rounds; round += 1) {
        const person = await storePerson()
        const { code, flowId } = await askCode(world, flow, person)
        const wrong = wrongCode(code)
        const right = Math.floor((guesses / rounds) * round)
        const replies = await atOnce(guesses + 1, (index) =>
          verifyCode(world, flow, person, { otp: index === right ? code : wrong, ...(named && { flowId }) }),
        )
        const judged = compared(replies)
        expect(judged.length).toBeGreaterThan(0)
        expect(judged.length).toBeLessThanOrEqual(triesPerCode)
        const successes = tally(replies)['OK'] ?? 0
        expect(successes).toBeLessThanOrEqual(1)
        expect(successes).toBe(judged.includes(replies[right] as never) ? 1 : 0)
        const wrongs = judged.length - successes
        const entries = await entriesOf(world, person.userId)
        expect(entries.filter(({ reason }) => reason === 'wrong_code')).toHaveLength(wrongs)
        expect(entries.filter(({ otpVerified }) => otpVerified)).toHaveLength(successes)
        const stored = await storedChallenge(flow, person)
        expect(stored?.[named ? 'triesFlow' : 'triesOpen']).toBe(wrongs)
        expect(stored?.[named ? 'triesOpen' : 'triesFlow']).toBe(0)
      }
    },
  )

  test('both counters under attack at once: each ends at its tries, and the right code is refused after', async () => {
    const person = await storePerson()
    const { code, flowId } = await askCode(world, flow, person)
    const otp = wrongCode(code)
    const replies = await atOnce(flood, (index) =>
      verifyCode(world, flow, person, { otp, ...(index % 2 === 0 && { flowId }) }),
    )
    expect(compared(replies)).toHaveLength(2 * triesPerCode)
    expect(tally(replies)).toEqual({
      OTP_INVALID: 2 * triesPerCode,
      TRIES_EXHAUSTED: flood - 2 * triesPerCode,
    })
    for (const named of [{}, { flowId }]) {
      const late = await verifyCode(world, flow, person, { otp: code, ...named })
      expect(codeOf(late)).toBe('TRIES_EXHAUSTED')
      expect(compared([late])).toEqual([])
    }
  })

  test('a stranger who burns the tries without flowId leaves those of the owner', async () => {
    const person = await storePerson()
    const { code, flowId } = await askCode(world, flow, person)
    const otp = wrongCode(code)
    await atOnce(sized(7, 20), () => verifyCode(world, flow, person, { otp }))
    expect(codeOf(await verifyCode(world, flow, person, { otp: code, flowId }))).toBe('OK')
  })
})

test.each(codeResetFlows)(
  'reset of $id: guesses and the right code at once share the same few tries',
  async (flow) => {
    const { triesPerCode } = flowOf(flow.id)
    const person = await (flow.secret === 'newPin' ? pinHolder(world) : storePerson())
    const { code } = await askCode(world, flow, person)
    const otp = wrongCode(code)
    const guesses = sized(12, 40)
    const replies = await atOnce(guesses, (index) =>
      resetSecret(world, flow, person, { otp: index === guesses / 2 ? code : otp }),
    )
    const wrongs = (await entriesOf(world, person.userId)).filter(({ reason }) => reason === 'wrong_code')
    expect(wrongs.length).toBeLessThanOrEqual(triesPerCode)
    expect(compared(replies).length).toBeLessThanOrEqual(triesPerCode)
    expect(tally(replies)['OK'] ?? 0).toBeLessThanOrEqual(1)
  },
)

test('a verified code is guessed at with the tries that were left, not with new ones', async () => {
  const [flow] = verifyingFlows
  if (flow === undefined) throw new Error('no flow proves a code')
  const { triesPerCode } = flowOf(flow.id)
  const person = await storePerson()
  const { code } = await askCode(world, flow, person)
  const otp = wrongCode(code)
  const before = await atOnce(2, () => verifyCode(world, flow, person, { otp }))
  expect(codeOf(await verifyCode(world, flow, person, { otp: code }))).toBe('OK')
  const after = await atOnce(sized(12, 50), () => resetSecret(world, flow, person, { otp }))
  expect(compared([...before, ...after])).toHaveLength(triesPerCode)
})

test('wrong PINs at once: ten are answered, the tenth locks, and then the right one is locked out too', async () => {
  const person = await pinHolder(world)
  const { accessToken: token } = person
  const guesses = sized(16, 100)
  const replies = await atOnce(guesses, () => world.post('/api/pin/verify', { pin: '530817' }, { token }))
  const most = policy.pinFailuresBeforeLock
  expect(tally(replies)).toEqual({ PIN_INVALID: most, PIN_LOCKED: guesses - most })
  const right = await world.post('/api/pin/verify', { pin: firstPin }, { token })
  expect(codeOf(right)).toBe('PIN_LOCKED')
  const entries = await entriesOf(world, person.userId)
  expect(entries.filter(({ reason }) => reason === 'wrong_pin')).toHaveLength(most)
  expect(entries.filter(({ type }) => type === 'PIN_LOCKED')).toHaveLength(1)
})

test.each([
  ['known', true],
  ['unknown', false],
])(
  'wrong passwords at once for a %s identifier: ten are answered, then not even the right one',
  async (_, known) => {
    const person = await storePerson()
    const identifier = known ? person.email : `nobody-${person.email}`
    const ip = newIp()
    const login = (password: string) => world.post('/api/auth/login', { identifier, password }, { ip })
    const most = policy.loginFailuresPerIdentifier
    const replies = await atOnce(flood, (index) => login(`wrong-${index}`))
    expect(tally(replies)).toEqual({ CREDENTIALS_INVALID: most, RATE_LIMITED: flood - most })
    const right = await login(person.password)
    expect(codeOf(right)).toBe('RATE_LIMITED')
    expect(callsOf(world, right)).toEqual(['dynamodb BatchGetItem identities+challenges'])
  },
)

test('phones at once for one identifier: five are answered, then not even the right pair', async () => {
  const person = await storePerson()
  const ip = newIp()
  const check = (phone: string) =>
    world.post('/api/password-reset/verify-identity', { identifier: person.email, phone }, { ip })
  const replies = await atOnce(flood, (index) => check(`+2011${String(10_000_000 + index)}`))
  const most = policy.pairMismatchesPerIdentifier
  expect(tally(replies)).toEqual({ CREDENTIALS_INVALID: most, RATE_LIMITED: flood - most })
  expect(codeOf(await check(person.phone))).toBe('RATE_LIMITED')
})

test('wrong sign-in codes at once: three are compared, and no more of that sign-in', async () => {
  const person = await world.identity({ mfaEnabled: true })
  const login = { identifier: person.email, password: person.password }
  const { challengeId } = (await world.post('/api/auth/login', login, { ip: newIp() })).body.data
  const otp = wrongCode(await world.lastCode(person.phone))
  const replies = await atOnce(flood, () => world.post('/api/auth/login/verify', { challengeId, otp }))
  expect(compared(replies)).toHaveLength(flowOf('login-mfa').triesPerCode)
  expect(tally(replies)).toEqual({ OTP_INVALID: 3, TRIES_EXHAUSTED: flood - 3 })
})

const breached = 'Violet-Harbour-1987!'

describe('refusals of a new secret', () => {
  const most = policy.secretRefusalsPerChallenge

  /** Until the sixth, which spends what proved the right to it. */
  async function spend(flow: RecoveryFlow): Promise<void> {
    const person = await (flow === pinReset ? pinHolder(world) : storePerson())
    const isBreach = flow === passwordEmail
    const secret = isBreach ? breached : flow.newSecret
    const code = isBreach ? 'PASSWORD_BREACHED' : flow === pinReset ? 'PIN_REUSED' : 'PASSWORD_REUSED'
    if (!isBreach) {
      expect(codeOf(await resetSecret(world, flow, person, await proofOf(world, flow, person)))).toBe('OK')
      await world.pass(61)
    }
    const proof = await proofOf(world, flow, person)
    await world.idle()
    const before = [world.messages(person.email).length, world.messages(person.phone).length]
    for (let refusals = 0; refusals < most; refusals += 1)
      expect(codeOf(await resetSecret(world, flow, person, proof, secret)), flow.id).toBe(code)
    const sixth = await resetSecret(world, flow, person, proof, secret)
    expect(codeOf(sixth), flow.id).toBe('TRIES_EXHAUSTED')
    expect(Number(sixth.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    const spent = 'resetToken' in proof ? 'TOKEN_INVALID' : 'OTP_INVALID'
    expect(codeOf(await resetSecret(world, flow, person, proof, flow.otherSecret)), flow.id).toBe(spent)
    await world.idle()
    const told = [person.email, person.phone].map((to, place) => world.messages(to).slice(before[place]))
    expect(
      told.map(({ length }) => length),
      `${flow.id}: told both ways`,
    ).toEqual([1, 1])
    expect(told[0]?.[0]?.subject).toMatch(/a reset was stopped/)
    const entries = await entriesOf(world, person.userId)
    expect(entries.filter(({ reason }) => reason === code.toLowerCase())).toHaveLength(most)
    expect(entries.filter(({ limit }) => limit === 'refusals')).toHaveLength(1)
  }

  test('refusals of a new secret that speak of a stored one are counted: the sixth ends the challenge and tells the owner', async () => {
    for (const flow of sampleOf([passwordEmail, passwordEmailBasic, pinReset], 1)) await spend(flow)
  })

  test('the same by the token of the flow whose reset takes nothing else', () => spend(passwordTwoFactor))

  test('they are counted over code and token together, whichever is used', async () => {
    const person = await storePerson()
    const { code: otp, flowId } = await askCode(world, passwordEmail, person)
    const answers: string[] = []
    const by = async (proof: Record<string, string>) =>
      answers.push(codeOf(await resetSecret(world, passwordEmail, person, proof, breached)))
    await by({ otp })
    await by({ otp, flowId })
    const { token } = (await verifyCode(world, passwordEmail, person, { otp })).body
    for (const proof of [{ token }, { otp }, { token, flowId }, { token }, { otp }, { token }])
      await by(proof)
    expect(answers).toEqual([
      ...Array(5).fill('PASSWORD_BREACHED'),
      'TRIES_EXHAUSTED',
      'OTP_INVALID',
      'TOKEN_INVALID',
    ])
    expect(codeOf(await resetSecret(world, passwordEmail, person, { token }))).toBe('TOKEN_INVALID')
  })

  test.each(['code', 'token'] as const)(
    'of twenty refused secrets at once with one %s at most five are answered of',
    async (kind) => {
      const person = await storePerson()
      const { code: otp } = await askCode(world, passwordEmail, person)
      const proof: Record<string, string> =
        kind === 'code'
          ? { otp }
          : { token: (await verifyCode(world, passwordEmail, person, { otp })).body.token }
      const replies = await atOnce(20, () => resetSecret(world, passwordEmail, person, proof, breached))
      const counts = tally(replies)
      expect(counts['PASSWORD_BREACHED'] ?? 0).toBeLessThanOrEqual(most)
      expect(counts['OK']).toBeUndefined()
      expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(20)
      const entries = await entriesOf(world, person.userId)
      expect(entries.filter(({ reason }) => reason === 'password_breached')).toHaveLength(
        counts['PASSWORD_BREACHED'] ?? 0,
      )
    },
  )

  test('a password that leaked is PASSWORD_BREACHED, also where it is the one in use: the answer tells nothing of it', async () => {
    const person = await storePerson()
    const { code: otp } = await askCode(world, passwordEmailBasic, person)
    // The standard rule takes it: it is on no list of common ones.
    expect(codeOf(await resetSecret(world, passwordEmailBasic, person, { otp }, breached))).toBe('OK')
    const proof = await proofOf(world, passwordEmail, person)
    expect(codeOf(await resetSecret(world, passwordEmail, person, proof, breached))).toBe('PASSWORD_BREACHED')
  })
})
