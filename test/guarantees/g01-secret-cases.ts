/** Cases of G1 where passwords, tokens, pairs and new secrets are judged. */
import { policy } from '#shared/policy.ts'
import {
  setFailedLogins,
  setFailedLoginsOfNobody,
  setWrongSignInCodes,
} from '#test/support/failed-guesses.ts'
import { disown, lastToken } from '#test/support/not-me.ts'
import { askCode, passwordEmail, passwordEmailBasic, verifyCode } from '#test/support/recovery.ts'
import { newIp, type TestIdentity, type World } from '#test/support/world.ts'
import type { Case, Outcome, PublicRouteId } from './g01-cases.ts'
import { newPhone } from './same-reply.ts'

const otp = '123456'
const token = 'x'.repeat(43)

interface SignIn {
  readonly password?: string
  readonly times?: number
}
type Named = 'email' | 'username' | 'phone'

const login =
  (kind: Named, { password = 'not this one', times = 1 }: SignIn = {}) =>
  (world: World) =>
  async (person: TestIdentity) => {
    const [ip, body] = [newIp(), { identifier: person[kind], password }]
    for (let failures = 1; failures < times; failures += 1) await world.post('/api/auth/login', body, { ip })
    return world.post('/api/auth/login', body, { ip })
  }

const wrongPasswords = (['email', 'username', 'phone'] as const).map(
  (kind): Case => ({
    route: 'login',
    outcome: 'CREDENTIALS_INVALID',
    what: `a wrong password for an ${kind}`,
    run: login(kind),
  }),
)
/** Theirs, and of no use: an unknown person has none. */
const uselessPasswords = (['suspended', 'locked', 'mustReset', 'withoutPassword'] as const).map(
  (kind): Case => ({
    route: 'login',
    outcome: 'CREDENTIALS_INVALID',
    what: `the right password of one who may not use it: ${kind}`,
    run: login('username', { password: 'password123' }),
    who: [kind, 'unknown'],
  }),
)
/** More in a row than lock a password, and than are counted for one that nobody has. */
const afterAHundred: Case = {
  route: 'login',
  outcome: 'CREDENTIALS_INVALID',
  what: 'a wrong password after a hundred of them',
  run: (world) => async (person) => {
    await setFailedLogins(person.userId, policy.loginFailuresPerIdentity)
    await setFailedLoginsOfNobody({ kind: 'email', value: person.email }, policy.loginFailuresPerIdentity)
    return login('email')(world)(person)
  },
  who: ['known', 'unknown', 'suspended', 'mustReset', 'withoutPassword'],
}
/** What closed their sign-in tells nobody without the right password that they are there. */
const signInLocked: readonly Case[] = [
  {
    route: 'login',
    outcome: 'CREDENTIALS_INVALID',
    what: 'a wrong password for one whose sign-in is closed by wrong codes',
    run: (world) => async (person, kind) => {
      if (kind === 'known') await setWrongSignInCodes(person.userId, policy.wrongSignInCodesPerIdentity)
      return login('email')(world)(person)
    },
    who: ['known', 'unknown'],
  },
  {
    route: 'verifyLogin',
    outcome: 'OTP_INVALID',
    what: 'a made-up sign-in of one whose sign-in is closed by wrong codes, with a reference',
    run: (world) => async (person, kind) => {
      if (kind === 'known') await setWrongSignInCodes(person.userId, policy.wrongSignInCodesPerIdentity)
      const challengeId = `${'A'.repeat(22)}.${person.userId}`
      return world.post('/api/auth/login/verify', { challengeId, otp, ref: 'CDFG' })
    },
    who: ['known', 'unknown'],
  },
]
const signIns: Case[] = [
  ...signInLocked,
  ...wrongPasswords,
  afterAHundred,
  ...uselessPasswords,
  {
    route: 'login',
    outcome: 'RATE_LIMITED',
    what: 'the first refusal, an entry',
    run: login('email', { times: 11 }),
  },
  { route: 'login', outcome: 'RATE_LIMITED', what: 'the second refusal', run: login('email', { times: 12 }) },
  {
    route: 'verifyLogin',
    outcome: 'OTP_INVALID',
    what: 'a sign-in that was never begun',
    run: (world) => (person) =>
      world.post('/api/auth/login/verify', { challengeId: `${'A'.repeat(22)}.${person.userId}`, otp }),
  },
]

const check = (world: World, step: string, identifier: string, ip: string, phone = newPhone()) =>
  world.post(`/api/password-reset/${step}`, { identifier, phone }, { ip })

function pairCases(route: PublicRouteId, step: string): Case[] {
  const mismatches = (times: number) => (world: World) => async (person: TestIdentity) => {
    const ip = newIp()
    for (let tried = 1; tried < times; tried += 1) await check(world, step, person.username, ip)
    return check(world, step, person.username, ip)
  }
  const wrongPhone = (['email', 'username'] as const).map(
    (kind): Case => ({
      route,
      outcome: 'CREDENTIALS_INVALID',
      what: `a wrong phone and an unknown ${kind}`,
      run: (world) => (person) => check(world, step, person[kind], newIp()),
    }),
  )
  return [
    ...wrongPhone,
    {
      route,
      outcome: 'CREDENTIALS_INVALID',
      what: 'the right phone of one who is suspended',
      run: (world) => (person) => check(world, step, person.username, newIp(), person.phone),
      who: ['suspended', 'unknown'],
    },
    { route, outcome: 'RATE_LIMITED', what: 'the first refusal, an entry', run: mismatches(6) },
    { route, outcome: 'RATE_LIMITED', what: 'the second refusal', run: mismatches(7) },
  ]
}

/** Somebody else's token, live. */
async function tokenOfAnother(world: World): Promise<string> {
  const other = await world.identity()
  const { code } = await askCode(world, passwordEmail, other)
  return (await verifyCode(world, passwordEmail, other, { otp: code })).body.token
}

const tokens: Case[] = [
  {
    route: 'resetPasswordEmail',
    outcome: 'TOKEN_INVALID',
    what: 'a token that is none',
    run: (world) => (person) => resetByEmail(world, person, { token }),
  },
  {
    route: 'resetPasswordEmail',
    outcome: 'TOKEN_INVALID',
    what: 'a live token of another person',
    run: (world) => async (person) => resetByEmail(world, person, { token: await tokenOfAnother(world) }),
  },
  {
    route: 'resetPasswordTwoFactor',
    outcome: 'TOKEN_INVALID',
    what: 'a token that is none, for a pair that does not match',
    run: (world) => (person) => resetByPair(world, person, 'newpass123'),
  },
]

const resetByEmail = (
  world: World,
  { email }: TestIdentity,
  proof: object,
  newPassword = passwordEmail.newSecret,
) => world.post(passwordEmail.reset, { email, ...proof, newPassword })
const resetByPair = (world: World, { username }: TestIdentity, newPassword: string) =>
  world.post('/api/password-reset/reset', {
    identifier: username,
    phone: newPhone(),
    resetToken: token,
    newPassword,
  })
const resetPin = (world: World, { userId }: TestIdentity, newPin: string) =>
  world.post('/api/pin/reset', { userId, otp, newPin })

/** Of a message about a change of theirs, and used. */
async function usedLink(world: World, person: TestIdentity): Promise<string> {
  await world.put(`/admin/identities/${person.userId}`, { username: `new-${person.username}` })
  const link = await lastToken(world, person.email)
  await disown(world, link)
  return link
}
const disowning: Case = {
  route: 'notMe',
  outcome: 'TOKEN_INVALID',
  what: 'a link that was used, and one that nobody was sent',
  run: (world) => async (person, kind) =>
    disown(world, kind === 'known' ? await usedLink(world, person) : 'x'.repeat(22)),
  who: ['known', 'unknown'],
}

const refusedBefore = (route: PublicRouteId, outcome: Outcome, run: Case['run']): Case => ({
  route,
  outcome,
  what: 'told of what was typed alone, before anyone is meant',
  run,
})
const weakSecrets: Case[] = [
  refusedBefore(
    'resetPasswordEmail',
    'PASSWORD_WEAK',
    (world) => (person) => resetByEmail(world, person, { otp }, `A-${person.email}-7`),
  ),
  refusedBefore(
    'resetPasswordBasic',
    'PASSWORD_WEAK',
    (world) =>
      ({ email }) =>
        world.post(passwordEmailBasic.reset, { email, otp, newPassword: 'password123' }),
  ),
  refusedBefore(
    'resetPasswordTwoFactor',
    'PASSWORD_WEAK',
    (world) => (person) => resetByPair(world, person, person.username),
  ),
  refusedBefore('resetPin', 'PIN_FORMAT', (world) => (person) => resetPin(world, person, '12')),
  refusedBefore('resetPin', 'PIN_TRIVIAL', (world) => (person) => resetPin(world, person, '111111')),
]

export const secretCases: readonly Case[] = [
  ...signIns,
  ...pairCases('verifyIdentity', 'verify-identity'),
  ...pairCases('requestTwoFactor', 'request'),
  ...tokens,
  ...weakSecrets,
  disowning,
]
