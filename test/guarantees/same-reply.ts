/** Holds the replies to a known, an unknown and a suspended subject to be one (G1). */
import { randomBytes, randomInt } from 'node:crypto'
import { expect } from 'vitest'
import { pinHolder } from '#test/support/pin-holder.ts'
import { callsOf, codeOf } from '#test/support/race.ts'
import type { Envelope, Response } from '#test/support/reply.ts'
import type { TestIdentity, World } from '#test/support/world.ts'

export type Scenario = (person: TestIdentity) => Promise<Response<Envelope>>

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

/**
 * Runs a scenario for each kind of subject; the replies must not differ.
 * @param expected the code of all replies, or `OK`
 */
export async function same(world: World, expected: string, run: Scenario, withPin = false): Promise<void> {
  const known = withPin ? await pinHolder(world) : await world.identity()
  const suspended = await world.identity({ status: 'suspended' })
  await world.idle()
  const first = await run(known)
  expect(codeOf(first), 'known').toBe(expected)
  for (const [name, person] of Object.entries({ unknown: nobody(), suspended })) {
    const reply = await run(person)
    expect({ [name]: codeOf(reply) }).toEqual({ [name]: expected })
    expect(seen(world, reply)).toEqual(seen(world, first))
  }
}
