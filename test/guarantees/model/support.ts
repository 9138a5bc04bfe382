/** What support does beside the routes of a team's own backend: finding, looking, suspending, signing out. */
import assert from 'node:assert/strict'
import type { RouteId } from '#shared/contract/routes.ts'
import type { World } from '#test/support/world.ts'
import { type AdminAim, found, paramsOf } from './admin.ts'
import { at } from './recovery.ts'
import { type Model, type Person, raise } from './state.ts'
import { moved, perform } from './step.ts'

export async function findIdentity(model: Model, world: World, aim: AdminAim): Promise<void> {
  const person = at(model.people, aim.person)
  await perform(model, world, {
    route: 'findIdentity',
    query: { email: person.email },
    expected: found(person),
    onDone: (reply) => assert.equal(reply?.data.userId, person.userId),
  })
}

export async function identityState(model: Model, world: World, aim: AdminAim): Promise<void> {
  const person = at(model.people, aim.person)
  await perform(model, world, {
    route: 'identityState',
    params: paramsOf(person),
    expected: found(person),
    onDone: (reply) => {
      const { suspended, mfaEnabled, resetRequired } = person
      const status = suspended ? 'suspended' : 'active'
      assert.partialDeepStrictEqual(reply?.data, { status, mfaEnabled, resetRequired })
    },
  })
}

export async function showAddresses(model: Model, world: World, aim: AdminAim): Promise<void> {
  const person = at(model.people, aim.person)
  await perform(model, world, {
    route: 'showAddresses',
    params: paramsOf(person),
    expected: found(person),
    onDone: (reply) => assert.equal(reply?.data.email, person.email),
  })
}

/** An act on one person, whom a second call changes no further. */
const act =
  (route: RouteId, apply: (person: Person) => void) => async (model: Model, world: World, aim: AdminAim) => {
    const person = at(model.people, aim.person)
    const onDone = () => apply(person)
    const step = { route, params: paramsOf(person), expected: found(person), onDone } as const
    await perform(model, world, { ...step, happened: moved(person) }, aim.fault)
  }

export const signOutIdentity = act('signOutIdentity', (person) => {
  if (person.sessionEpoch !== undefined) person.sessionEpoch += 1
})

export const suspendIdentity = act('suspendIdentity', (person) => {
  if (!person.suspended) raise(person)
  person.suspended = true
})

export const resumeIdentity = act('resumeIdentity', (person) => {
  person.suspended = false
})
