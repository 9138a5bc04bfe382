/** What each planted skip does. */
import type { StepId } from '#shared/contract/routes.ts'
import { sealCode } from '#shared/crypto/codes.ts'
import { challengeInToken, codeInToken } from '#shared/crypto/tokens.ts'
import { bindingOf } from '#shared/domain/challenge.ts'
import { subjectKey } from '#shared/domain/subject.ts'
import { get, putOne, transact, updateOne } from '#shared/stores/database.ts'
import { readIdentity } from '#shared/stores/identities.ts'
import { newSession } from '#shared/stores/sessions.ts'
import type { VerifiedChallenge } from '#shared/stores/tokens.ts'
import type { World } from '#test/support/world.ts'
import { plantedFindings } from './findings.ts'
import {
  afterwards,
  beforehand,
  bodyOf,
  changeChallenges,
  changeIdentity,
  changeSessions,
  ownerOf,
  type Plant,
  sessionIn,
  succeeded,
  withBody,
} from './planting.ts'

const newestCode = (world: World, to: string): string | undefined =>
  world
    .messages(to)
    .map(({ text }) => /\b[0-9]{6}\b/.exec(text)?.[0])
    .findLast((code) => code !== undefined)

const anyCode: Plant = (event, call, world) => {
  const { email, otp } = bodyOf(event)
  const code = otp === undefined ? undefined : newestCode(world, email ?? '')
  return call(code === undefined ? event : withBody(event, { otp: code }))
}

/** The code of one email flow opens the other. */
const anyFlow: Plant = async (event, call) => {
  const answer = await call(event)
  const [one, other] = ['/auth/reset-password', '/api/auth/reset-password']
  const { otp } = bodyOf(event)
  if (succeeded(answer) || otp === undefined || ![one, other].includes(event.resource)) return answer
  const elsewhere = event.resource === one ? other : one
  const second = await call({ ...event, resource: elsewhere })
  return succeeded(second) ? second : answer
}

/** A token counts for whoever is typed. */
const anySubject: Plant = async (event, call) => {
  const { token } = bodyOf(event)
  const found =
    token === undefined ? undefined : await get('challenges', { pk: `V#${challengeInToken(token)}` })
  const owner = found === undefined ? undefined : await readIdentity(String(found['userId']))
  return call(owner?.email === undefined ? event : withBody(event, { email: owner.email }))
}

/** What a token stood for stands again, in the new epoch. */
const twice: Plant = async (event, call) => {
  const { token, resetToken } = bodyOf(event)
  const given = token ?? resetToken
  const pk = `V#${challengeInToken(given ?? '')}`
  const found = (await get('challenges', { pk })) as unknown as VerifiedChallenge | undefined
  const answer = await call(event)
  const identity = found?.userId === undefined ? undefined : await readIdentity(found.userId)
  if (!succeeded(answer) || !given || !found || !identity) return answer
  const again = { ...found, epoch: identity.credentialEpoch }
  const sealed = await sealCode(bindingOf(again, found.subject), codeInToken(given), Date.now())
  await putOne('challenges', { ...again, ...sealed })
  return answer
}

/** A right password opens a session, MFA or not. */
const withoutMfa: Plant = async (event, call) => {
  const answer = await call(event)
  const { data } = JSON.parse(answer.body) as { data?: { challengeId?: string } }
  const userId = data?.challengeId?.split('.')[1]
  if (userId === undefined) return answer
  const identity = await readIdentity(userId)
  if (identity === undefined) return answer
  const given = { identity, factors: [], device: undefined, userAgent: undefined, now: Date.now() }
  const session = newSession(given)
  await transact([session.write])
  return { ...answer, body: JSON.stringify({ success: true, data: { accessToken: session.token } }) }
}

/** A factor of possession from nowhere. */
const possessionGiven = beforehand(async (event) => {
  const now = Date.now()
  const factor = { group: 'POSSESSION', method: 'sms-otp', at: now, expiresAt: now + 60_000 }
  const values = { factors: [factor] }
  const expression = { condition: 'attribute_exists(userId)', values }
  await updateOne('sessions', sessionIn(event), 'SET factors = :factors', expression)
})

/** A step-up lifts whichever session asks, not the one whose code it was. */
const anySession = beforehand(async (event) => {
  const { userId, sessionId } = sessionIn(event)
  const pk = `C#step-up#${subjectKey({ kind: 'identity', value: userId })}`
  const expression = { condition: 'attribute_exists(challengeId)', values: { sessionId } }
  await updateOne('challenges', { pk }, 'SET sessionId = :sessionId', expression)
})

const live = () => ({ later: Date.now() + 60_000 })
const expiryIgnored = beforehand((event) => changeChallenges(event, ['expiresAt = :later', live()]))
const triesIgnored = beforehand((event) =>
  changeChallenges(event, ['triesOpen = :none, triesFlow = :none', { none: 0 }]),
)
const epochKept = afterwards(async (event) =>
  changeIdentity(await ownerOf(event), ['credentialEpoch = credentialEpoch - :one', { one: 1 }]),
)
const sessionsKept = afterwards(async (event) =>
  changeSessions(await ownerOf(event), ['credentialEpoch = credentialEpoch + :one', { one: 1 }]),
)

/** What each skip puts in place of which step. */
const plants = {
  'a reset takes any code': { 'reset-password': anyCode },
  'a code opens another flow': { 'reset-password': anyFlow },
  'a token counts for another subject': { 'reset-password': anySubject },
  'a token counts twice': { 'reset-password': twice },
  'an expired code counts': {
    'reset-password': expiryIgnored,
    'reset-pin': expiryIgnored,
    'verify-code': expiryIgnored,
  },
  'wrong codes are not counted': { 'reset-password': triesIgnored, 'verify-code': triesIgnored },
  'a reset leaves the epoch': { 'reset-password': epochKept, 'reset-pin': epochKept },
  'sessions outlive a reset': { 'reset-password': sessionsKept, 'reset-pin': sessionsKept },
  'a PIN is set without possession': { 'set-pin': possessionGiven },
  'a PIN is set without consent': {
    'set-pin': beforehand((event) =>
      changeIdentity(sessionIn(event).userId, [
        'consents = :consents',
        { consents: { terms: { version: '1', acceptedAt: 1 } } },
      ]),
    ),
  },
  'wrong PINs are not counted': {
    'verify-pin': beforehand((event) =>
      changeIdentity(sessionIn(event).userId, ['pinFailures = :none', { none: 0 }]),
    ),
  },
  'a sign-in skips MFA': { login: withoutMfa },
  'a step-up lifts another session': { 'verify-step-up': anySession },
  'signing out everywhere ends one session': {
    logout: (event, call) => call(withBody(event, { everywhere: false })),
  },
  'a suspended identity keeps its sessions': {
    'put-identity': afterwards(async (event) => {
      if (bodyOf(event)['status'] !== 'suspended') return
      await changeIdentity(event.pathParameters?.['userId'], ['#status = :active', { active: 'active' }])
    }),
  },
  ...plantedFindings,
} as const satisfies Record<string, Partial<Record<StepId, Plant>>>

export type SkipId = keyof typeof plants
export const skipIds = Object.keys(plants) as SkipId[]

/** What stands in place of a step while a skip is planted. */
export const plantIn = (skip: SkipId, step: StepId): Plant | undefined =>
  (plants[skip] as Partial<Record<StepId, Plant>>)[step]
