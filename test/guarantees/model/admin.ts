/** The routes of a team's own backend: registering, changing, suspending, unlocking, erasing. */
import assert from 'node:assert/strict'
import { hash } from '@node-rs/argon2'
import { newNames, newPhone } from '#test/support/admin.ts'
import type { World } from '#test/support/world.ts'
import { at, fresh } from './recovery.ts'
import { lastPut, type Model, type Person, type PutHash, raise, replace } from './state.ts'
import { type Fault, moved, perform } from './step.ts'

export interface AdminAim {
  readonly person: number
  readonly change: number
  readonly fault: Fault
}

/** As another system may have hashed it: cheaply. */
export const importedHash = (password: string) =>
  hash(password, { memoryCost: 8, timeCost: 1, parallelism: 1 })

export const paramsOf = ({ userId }: Person) => ({ userId })
export const found = ({ erased }: Person) => (erased ? (['NOT_FOUND'] as const) : 'done')

interface Change {
  readonly body: Readonly<Record<string, unknown>>
  readonly apply: () => void
  /** Makes everything of the older epoch void. */
  readonly bumps: boolean
}

/** Another hash than the last one that was put: a change, whatever it is of. */
function putHash(person: Person, put: PutHash): Change {
  const apply = () => {
    // The epoch is raised with the rest of the change.
    person.password = put.password
    person.puts.push(put)
    person.replaced.add('password')
    person.imported = true
    person.resetRequired = false
  }
  return { body: { passwordHash: put.hash }, apply, bumps: true }
}

async function newPassword(person: Person): Promise<Change> {
  const password = fresh.newPassword()
  return putHash(person, { hash: await importedHash(password), password })
}

const nothing = () => undefined

/** No change, whatever became of the password since: it was upgraded, reset, disowned, or must be reset. */
const sameHash = (person: Person): Change => ({
  body: { passwordHash: lastPut(person).hash },
  apply: nothing,
  bumps: false,
})

/** All of the person's row, as a nightly run puts it. */
const sameRow = (person: Person): Change => {
  const { email, username, phone, mfaEnabled } = person
  return { ...sameHash(person), body: { ...sameHash(person).body, email, username, phone, mfaEnabled } }
}

/** One that was put before the last: a change. */
function earlierHash(person: Person): Change {
  const earlier = person.puts.findLast(({ hash }) => hash !== lastPut(person).hash)
  return earlier === undefined ? sameHash(person) : putHash(person, earlier)
}

function newAddress(person: Person, field: 'email' | 'username' | 'phone'): Change {
  const value = field === 'phone' ? newPhone() : newNames()[field]
  const apply = () => {
    person[field] = value
  }
  return { body: { [field]: value }, apply, bumps: true }
}

function toggleStatus(person: Person): Change {
  const suspended = !person.suspended
  const apply = () => {
    person.suspended = suspended
  }
  return { body: { status: suspended ? 'suspended' : 'active' }, apply, bumps: suspended }
}

function toggleMfa(person: Person): Change {
  const mfaEnabled = !person.mfaEnabled
  const apply = () => {
    person.mfaEnabled = mfaEnabled
  }
  return { body: { mfaEnabled }, apply, bumps: true }
}

function giveConsent(person: Person): Change {
  const apply = () => {
    person.consented = true
  }
  return { body: { consent: { document: 'terms', version: '1' } }, apply, bumps: false }
}

const changes: readonly ((person: Person) => Change | Promise<Change>)[] = [
  newPassword,
  sameHash,
  sameRow,
  earlierHash,
  toggleStatus,
  toggleMfa,
  giveConsent,
  (person) => newAddress(person, 'email'),
  (person) => newAddress(person, 'username'),
  (person) => newAddress(person, 'phone'),
  () => ({ body: { locale: 'ar' }, apply: nothing, bumps: false }),
]

/** Registered anew after it was erased. */
async function putAgain(model: Model, world: World, person: Person): Promise<void> {
  const [names, phone, password] = [newNames(), newPhone(), fresh.newPassword()]
  const registeredAt = Date.now()
  const put = { hash: await importedHash(password), password }
  await perform(model, world, {
    route: 'putIdentity',
    params: paramsOf(person),
    body: { ...names, phone, passwordHash: put.hash },
    expected: 'done',
    onDone: () => {
      const blank = { suspended: false, mfaEnabled: false, consented: false, resetRequired: false }
      Object.assign(person, { ...names, phone, ...blank, erased: false, imported: true })
      Object.assign(person, { lastReset: undefined, pinFailures: 0, registeredAt })
      person.puts.push(put)
      Object.assign(person, { pinResetRequired: false, recoveryFrozenUntil: 0 })
      replace(person, 'password', password)
      person.credentialEpoch = undefined
      person.sessionEpoch = undefined
    },
  })
}

export async function putIdentity(model: Model, world: World, aim: AdminAim): Promise<void> {
  const person = at(model.people, aim.person)
  if (person.erased) return putAgain(model, world, person)
  const { body, apply, bumps } = await at(changes, aim.change)(person)
  const other = model.people.find((each) => each !== person && !each.erased)
  const taken = aim.change >= 20 && other !== undefined
  await perform(
    model,
    world,
    {
      route: 'putIdentity',
      params: paramsOf(person),
      body: taken ? { ...body, email: other.email } : body,
      expected: taken ? ['CONFLICT'] : 'done',
      onDone: () => {
        apply()
        if (bumps) raise(person)
      },
      happened: moved(person),
    },
    aim.fault,
  )
}

/** As a nightly run does it, for whoever is registered. */
export async function putSameRow(model: Model, world: World, { person: place }: AdminAim): Promise<void> {
  const person = at(model.people, place)
  if (person.erased) return
  const { body } = sameRow(person)
  await perform(model, world, { route: 'putIdentity', params: paramsOf(person), body, expected: 'done' })
}

export async function getIdentity(model: Model, world: World, aim: AdminAim): Promise<void> {
  const person = at(model.people, aim.person)
  await perform(model, world, {
    route: 'getIdentity',
    params: paramsOf(person),
    expected: found(person),
    onDone: (reply) => {
      const { email, phone, suspended, mfaEnabled, resetRequired } = person
      const status = suspended ? 'suspended' : 'active'
      const hasPin = person.pin !== undefined
      assert.partialDeepStrictEqual(reply?.data, { email, phone, status, mfaEnabled, hasPin, resetRequired })
    },
  })
}

export async function unlockIdentity(model: Model, world: World, aim: AdminAim): Promise<void> {
  const person = at(model.people, aim.person)
  await perform(
    model,
    world,
    {
      route: 'unlockIdentity',
      params: paramsOf(person),
      expected: found(person),
      onDone: () => {
        person.pinFailures = 0
        person.recoveryFrozenUntil = 0
        person.wrongSignInCodes = 0
        person.counted.wrongPasswords = 0
      },
      happened: moved(person),
    },
    aim.fault,
  )
}

export async function requireReset(model: Model, world: World, aim: AdminAim): Promise<void> {
  const person = at(model.people, aim.person)
  await perform(
    model,
    world,
    {
      route: 'requireReset',
      params: paramsOf(person),
      expected: found(person),
      onDone: () => {
        person.resetRequired = true
        raise(person)
      },
      happened: moved(person),
    },
    aim.fault,
  )
}

function forgetSessions({ sessions }: Model, person: Person): void {
  for (const session of sessions) if (session.person === person) session.stored = false
}

function erase({ challenges }: Model, person: Person): void {
  person.erased = true
  person.replaced.add('password')
  if (person.pin !== undefined) person.replaced.add('pin')
  person.pin = undefined
  person.wrongSignInCodes = 0
  // A verified one and that of a sign-in stay stored, of an epoch that is gone.
  for (const each of challenges)
    if (each.person === person && each.state === 'issued' && each.flow !== 'login-mfa') each.state = 'over'
}

export async function deleteIdentity(model: Model, world: World, aim: AdminAim): Promise<void> {
  const person = at(model.people, aim.person)
  await perform(
    model,
    world,
    {
      route: 'deleteIdentity',
      params: paramsOf(person),
      expected: found(person),
      onDone: (reply) => {
        erase(model, person)
        // Where the reply was lost they may still be stored: dead, but there to be ended.
        if (reply !== undefined) forgetSessions(model, person)
      },
      onRefused: () => forgetSessions(model, person),
      happened: moved(person),
    },
    aim.fault,
  )
}

export async function identityLedger(model: Model, world: World, aim: AdminAim): Promise<void> {
  const person = at(model.people, aim.person)
  await perform(model, world, { route: 'identityLedger', params: paramsOf(person), expected: 'done' })
}

export const health = (model: Model, world: World): Promise<void> =>
  perform(model, world, { route: 'health', expected: 'done' })
