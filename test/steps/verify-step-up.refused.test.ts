/** Codes that lift no session. */
import { expect, test } from 'vitest'
import { policy } from '#shared/policy.ts'
import { storyOf } from '#test/support/entries.ts'
import { setWrongStepUpCodes } from '#test/support/failed-guesses.ts'
import { wrongCode } from '#test/support/recovery.ts'
import { answerOf, signIn } from '#test/support/sessions.ts'
import { slowly } from '#test/support/slowly.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const verify = (token: string, otp: string, more: object = {}) =>
  world.post('/api/auth/step-up/verify', { otp, ...more }, { token })
const groups = async (token: string) =>
  (await world.get('/api/auth/session', { token })).body.data.factors.map(({ group }) => group)

async function asked() {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const { body } = await world.post('/api/auth/step-up/request', {}, { token, ip: newIp() })
  return { identity, token, flowId: body.data.flowId, otp: await world.lastCode(identity.phone) }
}

test('the code of one session does not lift another, which uses up nothing either', async () => {
  const { identity, token, otp, flowId } = await asked()
  const other = await signIn(world, identity)
  for (let index = 0; index < 4; index += 1) {
    expect(answerOf(await verify(other, otp))).toBe('401 OTP_INVALID')
    expect(answerOf(await verify(other, otp, { flowId }))).toBe('401 OTP_INVALID')
  }
  expect(await groups(other)).toEqual(['KNOWLEDGE'])
  expect((await storyOf(world, identity.userId)).at(-1)).toBe('STEP_UP_VERIFIED failure other_challenge')
  expect(answerOf(await verify(token, otp))).toBe('200')
})

test('another identity cannot use the code', async () => {
  const { otp, flowId } = await asked()
  const stranger = await signIn(world, await world.identity())
  expect(answerOf(await verify(stranger, otp))).toBe('401 OTP_INVALID')
  expect(answerOf(await verify(stranger, otp, { flowId }))).toBe('401 OTP_INVALID')
})

test('three wrong codes are answered, then TRIES_EXHAUSTED, the right code too', async () => {
  const { token, otp } = await asked()
  const answers = []
  for (let index = 0; index < 3; index += 1) answers.push(answerOf(await verify(token, wrongCode(otp))))
  const fourth = await verify(token, otp)
  expect(answers).toEqual(Array(3).fill('401 OTP_INVALID'))
  expect(answerOf(fourth)).toBe('429 TRIES_EXHAUSTED')
  expect(Number(fourth.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
  expect(await groups(token)).toEqual(['KNOWLEDGE'])
})

test('a code lifts once', async () => {
  const { token, otp } = await asked()
  const answers = await Promise.all([verify(token, otp), verify(token, otp), verify(token, otp)])
  expect(answers.map(answerOf).sort()).toEqual(['200', '401 OTP_INVALID', '401 OTP_INVALID'])
})

test('a code is dead after five minutes, although its item is still stored', async () => {
  const { token, otp } = await asked()
  await world.pass(300)
  expect(answerOf(await verify(token, otp))).toBe('401 OTP_INVALID')
})

test('a session that never asked gets OTP_INVALID', async () => {
  const token = await signIn(world, await world.identity())
  expect(answerOf(await verify(token, '123456'))).toBe('401 OTP_INVALID')
})

test('the code dies with its session', async () => {
  const { identity, token, otp } = await asked()
  await world.post('/api/auth/logout', {}, { token })
  expect(answerOf(await verify(token, otp))).toBe('401 SESSION_INVALID')
  const next = await signIn(world, identity)
  expect(answerOf(await verify(next, otp))).toBe('401 OTP_INVALID')
})

test.each([
  ['right', (otp: string) => otp],
  ['wrong', wrongCode],
])(
  'a %s code whose session ends while it is judged is answered as by a session that is over',
  async (which, typed) => {
    const { identity, token, otp } = await asked()
    const [answer] = await slowly(world, 'verify-step-up', () => verify(token, typed(otp)))
    await world.post('/api/auth/logout', {}, { token })
    expect(answerOf(await answer)).toBe('401 SESSION_INVALID')
    const story = await storyOf(world, identity.userId)
    if (which === 'right') expect(story).toContain('STEP_UP_VERIFIED failure session_ended')
    expect(story).not.toContain('STEP_UP_VERIFIED failure used')
  },
)

test('a hundred wrong step-up codes end the session that sent them', async () => {
  const { identity, token, otp } = await asked()
  const owner = await signIn(world, identity)
  await setWrongStepUpCodes(token, policy.wrongStepUpCodesPerSession - 2)
  expect(answerOf(await verify(token, wrongCode(otp)))).toBe('401 OTP_INVALID')
  expect(await groups(token)).toEqual(['KNOWLEDGE'])
  expect(answerOf(await verify(token, wrongCode(otp)))).toBe('401 OTP_INVALID')
  expect(answerOf(await verify(token, otp))).toBe('401 SESSION_INVALID')
  expect(answerOf(await world.get('/api/auth/session', { token }))).toBe('401 SESSION_INVALID')
  // Nothing else: the owner's session, sign-in, recovery and step-up go on.
  expect(await groups(owner)).toEqual(['KNOWLEDGE'])
  await world.pass(61)
  await world.post('/api/auth/step-up/request', {}, { token: owner, ip: newIp() })
  expect(answerOf(await verify(owner, await world.lastCode(identity.phone)))).toBe('200')
  expect(await groups(await signIn(world, identity))).toEqual(['KNOWLEDGE'])
  expect(await storyOf(world, identity.userId)).toContain('LIMIT_REACHED failure step-up-codes')
})

test('of wrong step-up codes at once around the hundredth just those up to it are answered', async () => {
  const { token, otp, flowId } = await asked()
  await setWrongStepUpCodes(token, policy.wrongStepUpCodesPerSession - 2)
  const guesses = [{}, { flowId }, {}, { flowId }, {}, { flowId }]
  const answers = await Promise.all(guesses.map((more) => verify(token, wrongCode(otp), more)))
  const counted = answers.map(answerOf).filter((answer) => answer === '401 OTP_INVALID')
  expect(counted).toHaveLength(2)
  expect(new Set(answers.map(answerOf))).toEqual(new Set(['401 OTP_INVALID', '401 SESSION_INVALID']))
})
