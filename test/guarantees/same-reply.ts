/** Holds the replies to a known, an unknown and a suspended subject to be one (G1). */
import { randomBytes, randomInt } from 'node:crypto'
import { expect } from 'vitest'
import { policy } from '#shared/policy.ts'
import { transact, update } from '#shared/stores/database.ts'
import { storeHolder, storePerson } from '#test/support/as-stored.ts'
import { firstPin } from '#test/support/pin-holder.ts'
import { callsOf, codeOf } from '#test/support/race.ts'
import type { Envelope, Response } from '#test/support/reply.ts'
import { thisSample } from '#test/support/whole.ts'
import type { TestIdentity, World } from '#test/support/world.ts'
import type { Case } from './g01-cases.ts'

export type Scenario = (person: TestIdentity, kind: Kind) => Promise<Response<Envelope>>

/** In Egypt, where nobody else of the tests is. */
export const newPhone = () => `+2011${randomInt(10_000_000, 99_999_999)}`

/** Somebody who could be registered, and is not. */
function nobody(): TestIdentity {
  const unique = randomBytes(5).toString('hex')
  const names = { userId: `u-${unique}`, email: `${unique}@example.com`, username: `user-${unique}` }
  return { ...names, phone: newPhone(), password: 'password123' }
}

const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shapeOf(part)]))
}

const differing = ['x-request-id', 'date', 'retry-after', 'content-length']

/** All that a caller sees, values that must differ by their type alone, and the AWS calls before the reply. */
function seen(world: World, reply: Response<Envelope>) {
  const headers = [...reply.headers].map(([name, value]) =>
    differing.includes(name) ? name : `${name}: ${value}`,
  )
  const { message, error } = reply.body
  const said = { message, code: error?.code, why: error?.message, details: error?.details }
  return { status: reply.status, said, shape: shapeOf(reply.body), headers, calls: callsOf(world, reply) }
}

/** Somebody whose password is locked: a hundred failures in a row, under other aliases. */
async function locked(): Promise<TestIdentity> {
  const person = await storePerson()
  const key = { pk: `L#${person.userId}` }
  const fails = policy.loginFailuresPerIdentity
  await transact([update('challenges', key, 'SET fails = :fails', { values: { fails } })])
  return person
}

async function mustReset(world: World): Promise<TestIdentity> {
  const person = await storePerson()
  await world.post(`/admin/identities/${person.userId}/require-reset`)
  return person
}

/** Who is meant. */
const people = {
  known: () => storePerson(),
  pinHolder: () => storeHolder(firstPin),
  unknown: async () => nobody(),
  suspended: () => storePerson({ status: 'suspended' }),
  withoutPassword: () => storePerson({}, null),
  locked,
  mustReset,
}
export type Kind = keyof typeof people

const usual = ['known', 'unknown', 'suspended'] as const

/** Runs a case for each kind of subject; the replies must not differ. */
export async function same(world: World, { outcome, run, route, who = usual }: Case): Promise<void> {
  const subjects = await Promise.all(who.map((kind) => people[kind](world)))
  await world.idle()
  const replies: Response<Envelope>[] = []
  for (const [place, person] of subjects.entries())
    replies.push(await run(world)(person, who[place] ?? 'unknown'))
  expect(
    Object.fromEntries(who.map((kind, place) => [kind, replies[place] && codeOf(replies[place])])),
  ).toEqual(Object.fromEntries(who.map((kind) => [kind, outcome])))
  const [first, ...others] = replies.map((reply) => seen(world, reply))
  for (const [place, other] of others.entries())
    expect(other, `${route} ${who[place + 1]}, ${thisSample}`).toEqual(first)
}
