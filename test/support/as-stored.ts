/**
 * People as they are stored once they have signed in and set a PIN, for tests of what comes after. No step is taken: nothing
 * of it is in the ledger, and nothing was sent. Only while a world runs.
 */
import { sealPin } from '#shared/crypto/seal.ts'
import { knowsPassword, possession } from '#shared/domain/session.ts'
import { transact, updateOne } from '#shared/stores/database.ts'
import { packSeal } from '#shared/stores/sealed-form.ts'
import { newSession, sessionTimes } from '#shared/stores/sessions.ts'
import { identityAsStored } from './sessions-stored.ts'
import type { TestIdentity, World } from './world.ts'

/** @returns the token of a session that proved password and phone just now */
async function storeSession(userId: string): Promise<string> {
  const identity = await identityAsStored(userId)
  const now = Date.now()
  const factors = [knowsPassword(now, sessionTimes()), possession('sms-otp', now)]
  const session = newSession({ identity, factors, device: undefined, userAgent: 'node', now })
  await transact([session.write])
  return session.token
}

/** Somebody who agreed to the terms, and has a PIN. @returns also the token of a session that may use it */
export async function storePinHolder(world: World, pin: string, given: Record<string, unknown> = {}) {
  const consent = { document: 'terms', version: '1' }
  const identity: TestIdentity = await world.identity({ consent, ...given })
  const { userId } = identity
  const key = { pk: `U#${userId}` }
  const values = { pin: packSeal(await sealPin(userId, pin)), one: 1, zero: 0 }
  await updateOne('identities', key, 'SET pin = :pin, pinFailures = :zero, rev = rev + :one', { values })
  await world.idle()
  return { identity, token: await storeSession(userId) }
}
