/** G2 and the freeze of G5: guesses at once are counted before they are compared, over all processes. */
import { ok, strictEqual } from 'node:assert'
import { flowOf } from '#shared/contract/flows.ts'
import { policy } from '#shared/policy.ts'
import { entriesOf, lineOf } from '#test/support/entries.ts'
import { setFailedGuesses } from '#test/support/failed-guesses.ts'
import { strangePhone, verifyIdentityPath } from '#test/support/pairs.ts'
import { firstPin, pinHolder } from '#test/support/pin-holder.ts'
import { codeOf, judged as judgedOf } from '#test/support/race.ts'
import { askCode, passwordEmail, verifyCode, verifyingFlows, wrongCode } from '#test/support/recovery.ts'
import { storedChallenge } from '#test/support/stored.ts'
import { newIp } from '#test/support/world.ts'
import { counted, type Race, recorded, rush, rushUntilAnswered } from './race.ts'

/** Wrong codes and the right one at once: what was compared beyond the tries, which must be nothing. */
const codes =
  (place: number, named: boolean): Race =>
  async (ground) => {
    const { world, many } = ground
    const flow = verifyingFlows[place] ?? passwordEmail
    const { triesPerCode } = flowOf(flow.id)
    const person = await world.identity()
    const { code, flowId } = await askCode(world, flow, person)
    const wrong = wrongCode(code)
    const right = Math.floor(Math.random() * many)
    const replies = await rush(ground, many + 1, (index) =>
      verifyCode(
        world,
        flow,
        person,
        { otp: index === right ? code : wrong, ...(named && { flowId }) },
        // Of one address no more than fifty guesses at nothing an hour leave an entry.
        { ip: newIp() },
      ),
    )
    const judged = judgedOf(replies)
    ok(judged.length > 0 || counted(replies, 'UNAVAILABLE') > 0, 'some were compared')
    const entries = await entriesOf(world, person.userId)
    const wrongs = entries.filter(({ reason }) => reason === 'wrong_code').length
    // More entries than answers where a reply was lost.
    const proved = entries.filter(({ otpVerified }) => otpVerified).length
    ok(counted(replies, 'OK') <= proved && proved <= 1, 'the code is proved once')
    const stored = await storedChallenge(flow, person)
    const tries = Number(stored?.[named ? 'triesFlow' : 'triesOpen'])
    ok(tries >= wrongs && tries <= triesPerCode, `${tries} tries are counted for ${wrongs} wrong answers`)
    // What follows the right one is compared with nothing, and answered as a wrong one (G1): its entry says which it was.
    const late = entries.filter(({ reason }) => reason === 'verified' || reason === 'used').length
    ok(late === 0 || proved === 1, 'nothing is late where nothing was proved')
    ok(wrongs + late >= counted(judged, 'OTP_INVALID'), 'each wrong answer is an entry')
    const compared = judged.length - late
    return { requests: replies.length, counted: Math.max(0, compared - triesPerCode), exactly: 0 }
  }

const pins: Race = async (ground) => {
  const { world, many } = ground
  const { accessToken: token, userId } = await pinHolder(world)
  const guess = (pin: string) => world.post('/api/pin/verify', { pin }, { token })
  const expected = ['PIN_INVALID', 'PIN_LOCKED']
  const { all } = await rushUntilAnswered(ground, many, () => guess('530817'), expected)
  strictEqual(codeOf(await guess(firstPin)), 'PIN_LOCKED')
  const entries = await entriesOf(world, userId)
  strictEqual(entries.filter(({ type }) => type === 'PIN_LOCKED').length, 1)
  const wrongs = entries.filter(({ reason }) => reason === 'wrong_pin').length
  ok(wrongs >= counted(all, 'PIN_INVALID'), 'no answer uncounted')
  return { requests: many, counted: wrongs, exactly: policy.pinFailuresBeforeLock }
}

const passwords: Race = async (ground) => {
  const { world, many } = ground
  const { email: identifier, password: right } = await world.identity()
  const login = (password: string) => world.post('/api/auth/login', { identifier, password }, { ip: newIp() })
  const expected = ['CREDENTIALS_INVALID', 'RATE_LIMITED']
  const answered = await rushUntilAnswered(ground, many, (index) => login(`wrong-${index}`), expected)
  strictEqual(codeOf(await login(right)), 'RATE_LIMITED')
  const exactly = policy.loginFailuresPerIdentifier
  return { requests: many, counted: await recorded(ground, answered, 'LOGIN', 'failure'), exactly }
}

const passwordsOfOneAddress: Race = async (ground) => {
  const { world, many } = ground
  const ip = newIp()
  const login = (index: number) => {
    const identifier = `ghost-${index}-${ip.replaceAll(':', '')}@example.net`
    return world.post('/api/auth/login', { identifier, password: 'not-it' }, { ip })
  }
  const answered = await rushUntilAnswered(ground, many, login, ['CREDENTIALS_INVALID', 'RATE_LIMITED'])
  const exactly = Math.min(many, policy.loginFailuresPerIp)
  return { requests: many, counted: await recorded(ground, answered, 'LOGIN', 'failure'), exactly }
}

/** Pairs that do not match, which share an identifier, a phone, or an address. */
const pairs =
  (shared: 'identifier' | 'phone' | 'ip'): Race =>
  async (ground) => {
    const { world, many } = ground
    const person = await world.identity()
    const address = newIp()
    const check = (index: number) =>
      world.post(
        verifyIdentityPath,
        {
          identifier: shared === 'identifier' ? person.email : `ghost-${index}-${person.username}`,
          phone: shared === 'phone' ? person.phone : strangePhone(),
        },
        { ip: shared === 'ip' ? address : newIp() },
      )
    const answered = await rushUntilAnswered(ground, many, check, ['CREDENTIALS_INVALID', 'RATE_LIMITED'])
    const budgets = {
      identifier: policy.pairMismatchesPerIdentifier,
      phone: policy.pairMismatchesPerPhone,
      ip: policy.pairMismatchesPerIp,
    }
    const mismatches = await recorded(ground, answered, 'IDENTITY_VERIFIED', 'failure')
    return { requests: many, counted: mismatches, exactly: budgets[shared] }
  }

const freeze: Race = async (ground) => {
  const { world } = ground
  const person = await world.identity()
  const { flowId, code } = await askCode(world, passwordEmail, person)
  const before = policy.failedGuessesBeforeFreeze - 3
  await setFailedGuesses({ kind: 'email', value: person.email }, before)
  const body = { email: person.email, otp: wrongCode(code) }
  const guess = (index: number) =>
    world.post(passwordEmail.verify ?? '', { ...body, ...(index % 2 === 0 && { flowId }) })
  // Few, for a storm may use up tries that were never answered.
  const replies = await rush(ground, 40, guess)
  const lines = (await entriesOf(world, person.userId)).map(lineOf)
  const failures = lines.filter((line) => line === 'CODE_VERIFIED failure wrong_code').length
  ok(counted(replies, 'OTP_INVALID') <= failures, 'no wrong answer without its entry')
  const frozen = lines.filter((line) => line.startsWith('RECOVERY_FROZEN')).length
  strictEqual(frozen, failures === 3 ? 1 : 0, 'the hundredth freezes, and no other')
  return { requests: replies.length, counted: Math.max(0, failures - 3), exactly: 0 }
}

export const guessing: Readonly<Record<string, Race>> = {
  ...Object.fromEntries(
    verifyingFlows.flatMap(({ id }, place) => [
      [`compared_beyond_tries.${id}`, codes(place, false)],
      [`compared_beyond_tries.${id}.flowId`, codes(place, true)],
    ]),
  ),
  pins_answered: pins,
  passwords_answered_per_identifier: passwords,
  passwords_answered_per_address: passwordsOfOneAddress,
  mismatches_answered_per_identifier: pairs('identifier'),
  mismatches_answered_per_phone: pairs('phone'),
  mismatches_answered_per_address: pairs('ip'),
  guesses_beyond_the_hundredth: freeze,
}
