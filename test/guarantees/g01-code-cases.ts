/** Cases of G1 where codes are asked for, proved and used. */
import { flowOf } from '#shared/contract/flows.ts'
import { policy } from '#shared/policy.ts'
import { setFailedGuesses, setRefusals } from '#test/support/failed-guesses.ts'
import { fillCodesOf, fillGuessesOf } from '#test/support/full-registers.ts'
import { firstPin } from '#test/support/pin-holder.ts'
import { codeOf } from '#test/support/race.ts'
import {
  askCode,
  passwordEmail,
  passwordEmailBasic,
  passwordTwoFactor,
  pinReset,
  type RecoveryFlow,
  resetSecret,
} from '#test/support/recovery.ts'
import { type CallOptions, newIp, type TestIdentity, type World } from '#test/support/world.ts'
import { type Case, routeAt } from './g01-cases.ts'
import { newPhone, type Scenario } from './same-reply.ts'

const otp = '123456'
/** Of the form of a reference: one in two hundred thousand is the right one. */
const ref = 'CDFG'
type Reply = ReturnType<Scenario>
type Prove = (world: World, person: TestIdentity, proof?: object, given?: CallOptions) => Reply

const resend: RecoveryFlow = { ...passwordEmail, request: '/auth/resend-password-reset-otp' }
const pinByUserId: RecoveryFlow = { ...pinReset, typed: ({ userId }) => ({ userId }) }
const flows = [passwordEmail, passwordEmailBasic, pinReset]

/** The PIN flow is for those who have one. */
const whoOf = (flow: RecoveryFlow) =>
  flow.secret === 'newPin' ? (['pinHolder', 'unknown', 'suspended'] as const) : undefined
const held = (flow: RecoveryFlow) => {
  const who = whoOf(flow)
  return who === undefined ? {} : { who }
}

async function ask(world: World, flow: RecoveryFlow, person: TestIdentity, ip = newIp()) {
  const reply = await world.post(flow.request, flow.typed(person), { ip })
  await world.idle()
  return reply
}

async function askTimes(
  world: World,
  flow: RecoveryFlow,
  person: TestIdentity,
  times: number,
  pause: number,
) {
  for (let sent = 1; sent < times; sent += 1) {
    await ask(world, flow, person)
    await world.pass(pause)
  }
  return ask(world, flow, person)
}

const reset =
  (flow: RecoveryFlow): Prove =>
  (world, person, proof = { otp }, given) =>
    world.post(flow.reset, { ...flow.typed(person), ...proof, [flow.secret]: flow.newSecret }, given)
const verify =
  (flow: RecoveryFlow): Prove =>
  (world, person, proof = { otp }, given) =>
    world.post(flow.verify ?? '', { ...flow.typed(person), ...proof }, given)

/** One guess from the freeze, and that guess. */
async function freeze(world: World, flow: RecoveryFlow, person: TestIdentity): Promise<void> {
  await ask(world, flow, person)
  const [kind, value = ''] = Object.entries(flow.typed(person))[0] ?? []
  await setFailedGuesses({ kind: kind as 'email', value }, 99)
  const last = await reset(flow)(world, person)
  if (codeOf(last) !== 'OTP_INVALID') throw new Error(`Not the last guess: ${JSON.stringify(last.body)}`)
}

function asking(flow: RecoveryFlow): Case[] {
  const base = { route: routeAt(flow.request), ...held(flow) }
  const fromFullAddress = (world: World) => async (person: TestIdentity) => {
    const ip = newIp()
    await fillCodesOf(flow.id, ip)
    return ask(world, flow, person, ip)
  }
  const frozen = (world: World) => async (person: TestIdentity) => {
    await freeze(world, flow, person)
    return ask(world, flow, person)
  }
  return [
    { ...base, outcome: 'OK', what: 'a first code', run: (world) => (person) => ask(world, flow, person) },
    {
      ...base,
      outcome: 'RESEND_TOO_SOON',
      what: 'the first refusal, which is an entry',
      run: (world) => (person) => askTimes(world, flow, person, 2, 0),
    },
    { ...base, outcome: 'RATE_LIMITED', what: 'the address has used up its codes', run: fromFullAddress },
    { ...base, outcome: 'TRIES_EXHAUSTED', what: 'frozen', run: frozen },
  ]
}

/** A second refusal is no entry and asks less of AWS. Once for all flows: the step is one. */
function askingOften(flow: RecoveryFlow): Case[] {
  const base = { route: routeAt(flow.request), ...held(flow) }
  const { codesPerSubjectHour } = flowOf(flow.id)
  return [
    {
      ...base,
      outcome: 'RESEND_TOO_SOON',
      what: 'the second refusal',
      run: (world) => (person) => askTimes(world, flow, person, 3, 0),
    },
    {
      ...base,
      outcome: 'RATE_LIMITED',
      what: 'the codes of the hour are used up',
      run: (world) => (person) => askTimes(world, flow, person, codesPerSubjectHour + 1, 61),
    },
  ]
}

/** Secrets that no flow takes from those who are to have them refused. */
const refusedSecret = (flow: RecoveryFlow) => (flow.secret === 'newPin' ? firstPin : flow.newSecret)

/** A code whose refusals are used up answers as one that nobody asked for. */
function spent(flow: RecoveryFlow, route: Case['route'], prove: Prove): Case[] {
  const spend = async (world: World, person: TestIdentity) => {
    if (flow.secret === 'newPassword') {
      const { code } = await askCode(world, flow, person)
      await resetSecret(world, flow, person, { otp: code }, refusedSecret(flow))
      await world.pass(61)
    }
    const { code } = await askCode(world, flow, person)
    await setRefusals(flow, person, policy.secretRefusalsPerChallenge)
    const sixth = await resetSecret(world, flow, person, { otp: code }, refusedSecret(flow))
    if (codeOf(sixth) !== 'TRIES_EXHAUSTED') throw new Error(`Not spent: ${JSON.stringify(sixth.body)}`)
  }
  const known = flow.secret === 'newPin' ? 'pinHolder' : 'known'
  return [
    {
      route,
      outcome: 'OTP_INVALID',
      what: 'a code that refusals have spent',
      run: (world) => async (person, kind) => {
        if (kind === known) await spend(world, person)
        return prove(world, person)
      },
      who: [known, 'unknown'],
    },
  ]
}

function proving(flow: RecoveryFlow, path: string, prove: Prove): Case[] {
  const { triesPerCode, codeLifeSeconds } = flowOf(flow.id)
  const base = { route: routeAt(path) }
  const wrong = { ...base, outcome: 'OTP_INVALID' } as const
  const exhausted = { ...base, outcome: 'TRIES_EXHAUSTED' } as const
  const guess = (times: number) => (world: World) => async (person: TestIdentity) => {
    await ask(world, flow, person)
    for (let guesses = 1; guesses < times; guesses += 1) await prove(world, person)
    return prove(world, person)
  }
  const asked =
    (then: (world: World, person: TestIdentity, flowId: string) => Reply) =>
    (world: World) =>
    async (person: TestIdentity) =>
      then(world, person, (await ask(world, flow, person)).body.data.flowId)
  const frozen = (world: World) => async (person: TestIdentity) => {
    await freeze(world, flow, person)
    return prove(world, person)
  }
  const late = asked(async (world, person) => {
    await world.pass(codeLifeSeconds)
    return prove(world, person)
  })
  const byRef = (times: number) =>
    asked(async (world, person, flowId) => {
      for (let guesses = 1; guesses < times; guesses += 1) await prove(world, person, { otp, flowId, ref })
      return prove(world, person, { otp, flowId, ref })
    })
  const frozenByRef = (world: World) => async (person: TestIdentity) => {
    await freeze(world, flow, person)
    return prove(world, person, { otp, ref })
  }
  const pastEntries = (times: number) => (world: World) => async (person: TestIdentity) => {
    const ip = newIp()
    await fillGuessesOf(ip)
    for (let guesses = 1; guesses < times; guesses += 1) await prove(world, person, { otp }, { ip })
    return prove(world, person, { otp }, { ip })
  }
  return [
    { ...wrong, what: 'a wrong code with a reference of the right length', run: byRef(1) },
    {
      ...exhausted,
      what: 'the first refusal, with a reference of the right length',
      run: byRef(triesPerCode + 1),
    },
    { ...exhausted, what: 'frozen, with a reference of the right length', run: frozenByRef },
    {
      ...wrong,
      what: 'no code was asked for, with a reference',
      run: (world) => (person) => prove(world, person, { otp, ref }),
    },
    {
      ...wrong,
      what: 'a guess at nothing past those of its address that leave entries',
      run: pastEntries(1),
    },
    { ...wrong, what: 'another one', run: pastEntries(2) },
    ...spent(flow, base.route, prove),
    { ...wrong, what: 'no code was asked for', run: (world) => (person) => prove(world, person) },
    { ...wrong, what: 'a wrong code without its flowId', run: guess(1) },
    {
      ...wrong,
      what: 'a wrong code with its flowId',
      run: asked((world, person, flowId) => prove(world, person, { otp, flowId })),
    },
    {
      ...wrong,
      what: 'the flowId of nothing',
      run: asked((world, person) => prove(world, person, { otp, flowId: 'x'.repeat(22) })),
    },
    { ...wrong, what: 'a code that is over its time', run: late },
    { ...exhausted, what: 'the first refusal, which is an entry', run: guess(triesPerCode + 1) },
    { ...exhausted, what: 'the second refusal', run: guess(triesPerCode + 2) },
    { ...exhausted, what: 'frozen', run: frozen },
  ]
}

/** A phone that is not theirs, so that nobody is told of a match. */
const mismatched: RecoveryFlow = {
  ...passwordTwoFactor,
  typed: ({ email }) => ({ identifier: email, phone: newPhone() }),
}
const pairs: Case[] = [
  {
    route: 'verifyOtpTwoFactor',
    outcome: 'OTP_INVALID',
    what: 'a pair that does not match',
    run: (world) => (person) => verify(mismatched)(world, person),
  },
  {
    route: 'verifyOtpTwoFactor',
    outcome: 'TRIES_EXHAUSTED',
    what: 'frozen by guesses in another flow',
    run: (world) => async (person) => {
      await freeze(world, passwordEmail, person)
      return verify(mismatched)(world, person)
    },
  },
]

const plainest: ReadonlySet<string> = new Set(['no code was asked for', 'a wrong code without its flowId'])

export const codeCases: readonly Case[] = [
  ...[...flows, resend].flatMap(asking),
  ...[passwordEmailBasic, pinReset].flatMap(askingOften),
  ...flows.flatMap((flow) => [
    ...proving(flow, flow.reset, reset(flow)),
    ...(flow.verify === undefined ? [] : proving(flow, flow.verify, verify(flow))),
  ]),
  // A userId is one more way to name a subject: what is judged after that is the same.
  ...asking(pinByUserId).slice(0, 2),
  ...proving(pinByUserId, pinByUserId.reset, reset(pinByUserId)).filter(({ what }) => plainest.has(what)),
  ...pairs,
]
