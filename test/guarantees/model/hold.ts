/** Holds the service to the reference over random sequences of calls (G4). */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { RouteId } from '#shared/contract/routes.ts'
import { newNames, newPhone } from '#test/support/admin.ts'
import type { World } from '#test/support/world.ts'
import { importedHash } from './admin.ts'
import { sequences } from './commands.ts'
import { fresh } from './recovery.ts'
import { getSession, setPin } from './sessions.ts'
import { login, requestStepUp, verifyLogin, verifyStepUp } from './sign-in.ts'
import type { Model, Person } from './state.ts'
import { holdStore } from './stored.ts'
import type { WayName } from './ways.ts'

let people = 0
async function newPerson(world: World, given: { mfaEnabled?: true; consented?: true }): Promise<Person> {
  const [names, phone, password] = [newNames(), newPhone(), fresh.newPassword()]
  const { mfaEnabled = false, consented = false } = given
  const consent = consented ? { consent: { document: 'terms', version: '1' } } : {}
  people += 1
  const userId = `u-model-${people}`
  const passwordHash = await importedHash(password)
  const identity = { ...names, phone, passwordHash, mfaEnabled, ...consent }
  const reply = await world.put(`/admin/identities/${userId}`, identity)
  assert.equal(reply.status, 201, JSON.stringify(reply.body))
  const puts = [{ hash: passwordHash, password }]
  return { userId, ...names, phone, password, puts, mfaEnabled, consented, ...blank() }
}

const blank = () => ({
  pin: undefined,
  pinFailures: 0,
  suspended: false,
  erased: false,
  resetRequired: false,
  lastReset: undefined,
  wrongSignInCodes: 0,
  pinResetRequired: false,
  recoveryFrozenUntil: 0,
  registeredAt: Date.now(),
  imported: true,
  credentialEpoch: undefined,
  sessionEpoch: undefined,
  rev: 0,
  seals: { password: undefined, pin: undefined },
  replaced: new Set(['password'] as const),
  counted: { wrongPasswords: 0, wrongPresent: 0, mismatches: 0, signInCodes: 0 },
  entries: new Map<string, number>(),
})

const plain = { back: 0, alias: 0, wrong: false, astray: false, named: false, ref: 'none' } as const

/** Somebody with a PIN and a session that proved the phone, somebody with MFA, and somebody with nothing yet. */
async function newModel(world: World, reached: Map<RouteId, number>): Promise<Model> {
  const given = [{ consented: true }, { mfaEnabled: true, consented: true }, {}] as const
  const all: Person[] = []
  for (const each of given) all.push(await newPerson(world, each))
  const lastMessageBefore = world.stack.services.inbox.messages().at(-1)?.id
  const model: Model = {
    people: all,
    sessions: [],
    challenges: [],
    usedLinks: new Set(),
    lastMessageBefore,
    reached,
  }
  await holdStore(model, 'at the start')
  const aim = { ...plain, person: 0, more: false }
  await login(model, world, aim)
  await requestStepUp(model, world, aim)
  await verifyStepUp(model, world, aim)
  await setPin(model, world, { ...aim, fault: undefined })
  return model
}

const counted = ['PASSWORD_RESET', 'PIN_RESET', 'PIN_SET', 'RECOVERY_FROZEN']

/** Every session is as live, every password as good, and every change as often in the ledger as the reference says. */
async function holdEnd(model: Model, world: World): Promise<void> {
  for (const back of model.sessions.keys()) await getSession(model, world, { back })
  for (const [place, person] of model.people.entries()) {
    const aim = { ...plain, person: place }
    await login(model, world, aim)
    if (person.mfaEnabled) await verifyLogin(model, world, aim)
    const entries = await world.ledger(person.userId)
    for (const type of counted) {
      const found = entries.filter((entry) => entry.type === type && entry.outcome === 'success')
      assert.equal(found.length, person.entries.get(type) ?? 0, `${type} of ${person.userId} in the ledger`)
    }
  }
}

export interface Held {
  /** How often each route was done. */
  readonly reached: ReadonlyMap<RouteId, number>
  /** Credentials changed in all. */
  readonly changes: number
  readonly calls: number
}

/**
 * @param runs sequences of at most `maxCommands` commands
 * @throws Error of fast-check with the seed and the shrunk sequence where service and reference differ
 */
export async function holdToModel(
  world: World,
  { runs, maxCommands, seed, way, shrink = false }: HoldOptions,
): Promise<Held> {
  const reached = new Map<RouteId, number>()
  let changes = 0
  const property = fc.asyncProperty(sequences(maxCommands, way), async (commands) => {
    const model = await newModel(world, reached)
    await fc.asyncModelRun(() => ({ model, real: world }), commands)
    await holdEnd(model, world)
    for (const { entries } of model.people) for (const count of entries.values()) changes += count
  })
  await fc.assert(property, { numRuns: runs, endOnFailure: !shrink, ...(seed !== undefined && { seed }) })
  return { reached, changes, calls: [...reached.values()].reduce((sum, count) => sum + count, 0) }
}

export interface HoldOptions {
  readonly runs: number
  readonly maxCommands: number
  readonly seed?: number | undefined
  /** This way alone, again and again. */
  readonly way?: WayName | undefined
  /** Looks for the shortest sequence that differs. */
  readonly shrink?: boolean
}
