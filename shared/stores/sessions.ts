/** Sessions. A token is `userId.sessionId.secret`, so that one call reads the session with its identity. */

import { userIdFromToken, userIdInToken } from '../contract/user-id.ts'
import { matches } from '../crypto/compare.ts'
import { newId, newToken, tokenHash } from '../crypto/tokens.ts'
import { epochAfter } from '../domain/identity.ts'
import { isLive, type ProvedFactor, type Session, type SessionTimes } from '../domain/session.ts'
import type { Device } from '../events.ts'
import { policy } from '../policy.ts'
import { settings } from '../settings.ts'
import {
  getSeveral,
  type Key,
  noteOne,
  put,
  query,
  remove,
  transact,
  update,
  type Write,
} from './database.ts'
import { type Identity, identityIn, identityKey } from './identities.ts'
import { eachItem } from './pages.ts'

export type { Session } from '../domain/session.ts'

export interface LoadedSession {
  readonly session: Session
  readonly identity: Identity
}

const hourMs = 3_600_000

/** How long sessions live, as the deployer set it. */
export function sessionTimes(): SessionTimes {
  const { SESSION_HOURS, SESSION_IDLE_HOURS = Number.POSITIVE_INFINITY } = settings()
  return { lifeMs: SESSION_HOURS * hourMs, idleMs: SESSION_IDLE_HOURS * hourMs }
}

const sessionKey = ({ userId, sessionId }: Pick<Session, 'userId' | 'sessionId'>) => ({
  userId,
  sessionId,
})

function partsOf(token: string) {
  const [named = '', sessionId, secret, ...rest] = token.split('.')
  const userId = userIdFromToken(named)
  if (!userId || !sessionId || !secret || rest.length > 0) return undefined
  return sessionId.length <= 64 && secret.length <= 64 ? { userId, sessionId, secret } : undefined
}

/** @returns session and identity of a token, if live. Both are read after the call began, so a reset before it is seen. */
export async function loadSession(token: string, now: number): Promise<LoadedSession | undefined> {
  const parts = partsOf(token)
  if (parts === undefined) return undefined
  const [session, identityItem] = await getSeveral([
    { table: 'sessions', key: sessionKey(parts) },
    { table: 'identities', key: identityKey(parts.userId) },
  ])
  const identity = identityIn(identityItem, parts.userId)
  if (session === undefined || identity === undefined) return undefined
  if (
    !matches(session.secretHash, tokenHash(parts.secret)) ||
    !isLive(session, identity, now, sessionTimes())
  )
    return undefined
  await touch(session, now)
  return { session, identity }
}

/** Notes the last use, at most once a minute, and before the answer: whoever asks next meets it. */
async function touch(session: Session, now: number): Promise<void> {
  if (now - session.lastUsedAt < policy.sessionTouchSeconds * 1000) return
  await noteOne('sessions', sessionKey(session), 'SET lastUsedAt = :now', {
    condition: 'attribute_exists(userId)',
    values: { now },
  })
}

export interface NewSession {
  readonly identity: Identity
  readonly factors: readonly ProvedFactor[]
  readonly device: Device | undefined
  readonly userAgent: string | undefined
  readonly now: number
}

/** A session to be written with the transaction that earned it, and its token, which is stored nowhere. */
export function newSession({ identity, factors, device, userAgent, now }: NewSession) {
  const { userId, credentialEpoch, sessionEpoch } = identity
  const [sessionId, secret] = [newId(), newToken()]
  const { lifeMs } = sessionTimes()
  const expiresAt = now + lifeMs
  const session = {
    userId,
    sessionId,
    secretHash: tokenHash(secret),
    credentialEpoch,
    sessionEpoch,
    factors,
    device,
    userAgent,
    createdAt: now,
    lastUsedAt: now,
    expiresAt,
    sweepAt: Math.ceil(expiresAt / 1000),
  }
  const write = put('sessions', session, { condition: 'attribute_not_exists(userId)' })
  const token = `${userIdInToken(userId)}.${sessionId}.${secret}`
  return { token, write, expiresInSeconds: lifeMs / 1000 }
}

/** Puts the factors proved in a session, while it is there. */
export const factorsWrite = (session: Session, factors: readonly ProvedFactor[]): Write =>
  update('sessions', sessionKey(session), 'SET factors = :factors', {
    condition: 'attribute_exists(userId)',
    values: { factors },
  })

/** Lets one session live on in the next epoch of its identity: the one that changed the password. */
export const keepSessionWrite = (session: Session, identity: Identity): Write =>
  update('sessions', sessionKey(session), 'SET credentialEpoch = :epoch', {
    condition: 'attribute_exists(userId)',
    values: { epoch: epochAfter(identity) },
  })

/** Counts a wrong step-up code of a session, short of the one that ends it. */
export const countSessionWrongCode = (key: Pick<Session, 'userId' | 'sessionId'>): Write =>
  update('sessions', sessionKey(key), 'SET wrongCodes = if_not_exists(wrongCodes, :zero) + :one', {
    condition: 'attribute_exists(userId) AND (attribute_not_exists(wrongCodes) OR wrongCodes < :last)',
    values: { zero: 0, one: 1, last: policy.wrongStepUpCodesPerSession - 1 },
  })

/** The wrong step-up code that ends its session. */
export const endSpentSession = (key: Pick<Session, 'userId' | 'sessionId'>): Write =>
  remove('sessions', sessionKey(key), {
    condition: 'wrongCodes = :last',
    values: { last: policy.wrongStepUpCodesPerSession - 1 },
  })

export const endSessionWrite = (key: Pick<Session, 'userId' | 'sessionId'>): Write =>
  remove('sessions', sessionKey(key), { condition: 'attribute_exists(userId)' })

/** All sessions stored for an identity, live or not. @throws Unavailable */
export async function sessionsOf(userId: string): Promise<Session[]> {
  const sessions: Session[] = []
  const ofIdentity = (from: Key | undefined) => query('sessions', 'userId = :userId', { userId }, { from })
  for await (const session of eachItem(ofIdentity)) sessions.push(session)
  return sessions
}

/** Deletes what is stored of an identity's sessions; they are dead already. @throws Unavailable */
export async function eraseSessions(userId: string): Promise<void> {
  const sessions = await sessionsOf(userId)
  for (let index = 0; index < sessions.length; index += 100)
    await transact(
      sessions.slice(index, index + 100).map((session) => remove('sessions', sessionKey(session))),
    )
}
