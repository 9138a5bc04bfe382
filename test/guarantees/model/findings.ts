/** Holes that the product had and the reference did not see, planted again: each must be found now. */

import { challengeInToken } from '#shared/crypto/tokens.ts'
import { get, getSeveral, putOne, updateOne } from '#shared/stores/database.ts'
import { findIdentity, readIdentity } from '#shared/stores/identities.ts'
import { identifierRegisterKey } from '#shared/stores/logins.ts'
import {
  afterwards,
  beforehand,
  bodyOf,
  changeChallenges,
  changeIdentity,
  type Event,
  ownerOf,
  type Plant,
  sessionIn,
  succeeded,
  withBody,
} from './planting.ts'

const daySeconds = 24 * 3600

/** What was put last is forgotten: then a hash that is put is compared with the password of the moment. */
const presentSeal = beforehand((event) =>
  changeIdentity(event.pathParameters?.['userId'], ['lastPutHash = :none', { none: null }]),
)

/** One mark for a fact with two writers: a reset by SMS sets it, one by email leaves it. */
const oneMark: Plant = async (event, call) => {
  const userId = await ownerOf(event)
  const before = userId === undefined ? undefined : await readIdentity(userId)
  const answer = await call(event)
  if (succeeded(answer) && before?.lastResetBy === 'sms')
    await changeIdentity(userId, ['lastResetBy = :sms', { sms: 'sms' }])
  return answer
}

/** Refusals of a new secret count nowhere: neither at the code nor at the token. */
const refusalsGivenBack = beforehand(async (event) => {
  const { flowId, token } = bodyOf(event)
  await changeChallenges(event, ['refusals = :none', { none: 0 }])
  for (const id of [flowId, token && challengeInToken(token)])
    if (id !== undefined)
      await updateOne('challenges', { pk: `V#${id}` }, 'SET refusals = :none', {
        condition: 'attribute_exists(pk)',
        values: { none: 0 },
      })
})

/** Whose row of wrong sign-in codes a call to sign in meets. */
async function rowOf(event: Event): Promise<{ readonly pk: string } | undefined> {
  const { identifier: value = '', challengeId } = bodyOf(event)
  const kind = value.includes('@') ? 'email' : value.startsWith('+') ? 'phone' : 'username'
  const userId =
    challengeId === undefined
      ? (await findIdentity({ kind, value }))?.userId
      : challengeId.slice(challengeId.indexOf('.') + 1)
  return userId === undefined ? undefined : { pk: `L#${userId}` }
}

/** A hundred wrong sign-in codes close sign-in for a day, and then it opens by itself. */
const lockEnds: Plant = async (event, call) => {
  const key = await rowOf(event)
  const row = key && (await get('challenges', key))
  const isLocked = Number(row?.['wrongCodes'] ?? 0) >= 100
  const lockedAt = Number(row?.['lockedAt'] ?? Date.now())
  if (key && isLocked) {
    const over = lockedAt + daySeconds * 1000 <= Date.now()
    const values = over ? { wrongCodes: 0, lockedAt: Date.now() } : { wrongCodes: 100, lockedAt }
    await updateOne('challenges', key, 'SET wrongCodes = :wrongCodes, lockedAt = :lockedAt', { values })
  }
  return call(event)
}

/** A guess before the worker came has used up the notice: the first wrong code that is heard of is the second. */
const firstIsSilent = beforehand(async (event) => {
  const { challengeId } = bodyOf(event)
  if (challengeId === undefined) return
  await updateOne('challenges', { pk: `C#login-mfa#${challengeId}` }, 'SET notedWrong = challengeId', {
    condition: 'attribute_exists(challengeId)',
  })
})

/** The failures at a person's identifiers outlive a reset. */
const failuresStay: Plant = async (event, call) => {
  const userId = await ownerOf(event)
  const identity = userId === undefined ? undefined : await readIdentity(userId)
  const keys = (['email', 'username', 'phone'] as const).map((kind) =>
    identifierRegisterKey({ kind, value: identity?.[kind] ?? '' }),
  )
  const items = await getSeveral(keys.map((key) => ({ table: 'challenges' as const, key })))
  const answer = await call(event)
  if (succeeded(answer)) for (const item of items) if (item) await putOne('challenges', item)
  return answer
}

/** Whoever holds the message has no tries of their own. */
const noOwnTries: Plant = (event, call) => call(withBody(event, { ref: undefined }))

/** A thief of a session guesses at its step-up codes without end. */
const sessionGoesOn = beforehand(async (event) => {
  const expression = { condition: 'attribute_exists(userId)', values: { none: 0 } }
  await updateOne('sessions', sessionIn(event), 'SET wrongCodes = :none', expression)
})

/** A password that was disowned is made usable by whatever is put. */
const anyPutLifts = afterwards((event) =>
  changeIdentity(event.pathParameters?.['userId'], ['resetRequired = :no', { no: false }]),
)

export const plantedFindings = {
  'a put hash is compared with the password of the moment': { 'put-identity': presentSeal },
  'the sign-in code goes by a mark that only resets by SMS set': { 'reset-password': oneMark },
  'refusals of a new secret are given back uncounted': {
    'reset-password': refusalsGivenBack,
    'reset-pin': refusalsGivenBack,
  },
  'sign-in opens by itself a day after a hundred wrong codes': { login: lockEnds, 'verify-login': lockEnds },
  'the first wrong sign-in code is told to nobody': { 'verify-login': firstIsSilent },
  'wrong passwords stand against the sign-in after a reset': { 'reset-password': failuresStay },
  'a reference gives no tries of its own': {
    'verify-code': noOwnTries,
    'reset-password': noOwnTries,
    'reset-pin': noOwnTries,
  },
  'a hundred wrong step-up codes end nothing': { 'verify-step-up': sessionGoesOn },
  'any put lifts a required reset': { 'put-identity': anyPutLifts },
} as const
