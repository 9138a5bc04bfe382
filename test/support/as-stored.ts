/**
 * People as they are stored once they are registered, have signed in and set a PIN, for tests of what comes after. No step is
 * taken: nothing of it is in the ledger, and nothing was sent. Only while a world runs.
 */
import { randomBytes, randomInt } from 'node:crypto'
import { seedPassword, seedPasswordHash } from '#local/seed.ts'
import { parseHash } from '#shared/crypto/forms.ts'
import { putHash } from '#shared/crypto/put-hash.ts'
import { resealAndCompare, sealPassword, sealPin } from '#shared/crypto/seal.ts'
import { sealImported } from '#shared/crypto/sealed.ts'
import { blank, type HashChange, type IdentityChange, merge } from '#shared/domain/registration.ts'
import { knowsPassword, possession } from '#shared/domain/session.ts'
import { settings } from '#shared/settings.ts'
import { transact, updateOne } from '#shared/stores/database.ts'
import { replacePasswordWrite } from '#shared/stores/identity-changes.ts'
import { createWrites } from '#shared/stores/registrations.ts'
import { packSeal } from '#shared/stores/sealed-form.ts'
import { newSession, sessionTimes } from '#shared/stores/sessions.ts'
import { identityAsStored } from './sessions-stored.ts'
import type { TestIdentity, World } from './world.ts'

/** Names, addresses and the password of somebody new. */
export function newPerson(): TestIdentity {
  const unique = randomBytes(5).toString('hex')
  const names = { userId: `u-${unique}`, email: `${unique}@example.com`, username: `user-${unique}` }
  return { ...names, phone: `+2010${randomInt(10_000_000, 99_999_999)}`, password: seedPassword }
}

/** The password of the seed as a put of its hash leaves it; another one as a reset does. */
async function hashOf(userId: string, password: string): Promise<HashChange> {
  if (password !== seedPassword) return { password: await sealPassword(userId, password) }
  const parsed = parseHash(seedPasswordHash)
  if (parsed.reason !== undefined) throw new Error(parsed.reason)
  const [sealed, lastPutHash] = await Promise.all([
    sealImported(userId, parsed),
    putHash(userId, seedPasswordHash),
  ])
  return { password: sealed, lastPutHash }
}

/**
 * Somebody registered, as the admin route does it but for the entry.
 * @param password the seed's where none is given; null for nobody's
 */
export async function storePerson(
  given: IdentityChange = {},
  password: string | null = seedPassword,
): Promise<TestIdentity> {
  const { userId, password: _, ...names } = newPerson()
  const hash = password === null ? {} : await hashOf(userId, password)
  const now = Date.now()
  const { next } = merge(blank(userId, settings().DEFAULT_LOCALE, now), { ...names, ...given }, hash, now)
  const { identity, identifiers } = createWrites({ ...next, credentialEpoch: now, rev: 1 })
  const { committed } = await transact([identity, ...identifiers])
  if (!committed) throw new Error('Not stored: somebody has the name')
  return { ...names, ...namesIn(given), userId, password: password ?? '' }
}

const namesIn = (given: IdentityChange) =>
  Object.fromEntries(
    (['email', 'username', 'phone'] as const).flatMap((name) => {
      const value = given[name]
      return typeof value === 'string' ? [[name, value]] : []
    }),
  )

/** @returns the token of a session that proved the password just now, and the phone where it says so */
export async function storeSession(userId: string, { phone }: { readonly phone: boolean }): Promise<string> {
  const identity = await identityAsStored(userId)
  const now = Date.now()
  const factors = [knowsPassword(now, sessionTimes()), ...(phone ? [possession('sms-otp', now)] : [])]
  const session = newSession({ identity, factors, device: undefined, userAgent: 'node', now })
  await transact([session.write])
  return session.token
}

/** Another password, as a reset by email leaves it. */
export async function storePassword(userId: string, password: string): Promise<void> {
  const identity = await identityAsStored(userId)
  const more = { resetBy: 'email', breachCheckDue: false, now: Date.now() } as const
  const { sealed } = await resealAndCompare(userId, password, identity.password, identity.history)
  const { committed } = await transact([replacePasswordWrite(identity, sealed, more)])
  if (!committed) throw new Error('Not stored: the identity has changed meanwhile')
}

async function storePin(userId: string, pin: string): Promise<void> {
  const values = { pin: packSeal(await sealPin(userId, pin)), one: 1, zero: 0 }
  const key = { pk: `U#${userId}` }
  await updateOne('identities', key, 'SET pin = :pin, pinFailures = :zero, rev = rev + :one', { values })
}

const consent = { document: 'terms', version: '1' }

/** Somebody who agreed to the terms and has a PIN, of which the ledger knows nothing, with the token of a session that may use it. */
export async function storeHolder(pin: string): Promise<TestIdentity & { readonly accessToken: string }> {
  const person = await storePerson({ consent })
  await storePin(person.userId, pin)
  return { ...person, accessToken: await storeSession(person.userId, { phone: true }) }
}

/** Somebody who agreed to the terms, and has a PIN. @returns also the token of a session that may use it */
export async function storePinHolder(world: World, pin: string, given: Record<string, unknown> = {}) {
  const identity: TestIdentity = await world.identity({ consent, ...given })
  await storePin(identity.userId, pin)
  await world.idle()
  return { identity, token: await storeSession(identity.userId, { phone: true }) }
}
