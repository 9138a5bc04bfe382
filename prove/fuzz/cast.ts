/** The people of a run, and sessions of every kind that they hold. */
import { randomBytes } from 'node:crypto'
import { signIn } from '#test/support/sessions.ts'
import type { TestIdentity, World } from '#test/support/world.ts'

export interface Cast {
  readonly people: readonly TestIdentity[]
  /** What may stand after `Bearer`: of live sessions, and of those that are none. */
  readonly live: readonly string[]
  readonly dead: readonly string[]
}

const peopleCount = 12

/** A live session's token with another secret, another session's id, another person. */
function counterfeits(token: string, other: string): string[] {
  const [userId = '', sessionId = ''] = token.split('.')
  const [otherUser = '', otherSession = '', otherSecret = ''] = other.split('.')
  const secret = randomBytes(32).toString('base64url')
  return [
    `${userId}.${sessionId}.${secret}`,
    `${userId}.${otherSession}.${otherSecret}`,
    `${otherUser}.${sessionId}.${otherSecret}`,
    `${userId}.${sessionId}`,
    `${token}.`,
    token.slice(0, -1),
    `${token}A`,
  ]
}

async function endedSession(world: World, person: TestIdentity): Promise<string> {
  const token = await signIn(world, person)
  await world.post('/api/auth/logout', undefined, { token })
  return token
}

async function suspendedSession(world: World): Promise<string> {
  const person = await world.identity()
  const token = await signIn(world, person)
  await world.put(`/admin/identities/${person.userId}`, { status: 'suspended' })
  return token
}

export async function gather(world: World): Promise<Cast> {
  const people = await Promise.all(Array.from({ length: peopleCount }, () => world.identity()))
  const live: string[] = []
  for (const person of people.slice(0, 6)) live.push(await signIn(world, person))
  const [first, second] = people as [TestIdentity, TestIdentity]
  const dead = [
    await endedSession(world, first),
    await endedSession(world, second),
    await suspendedSession(world),
    ...counterfeits(live[0] ?? '', live[1] ?? ''),
  ]
  return { people, live, dead }
}
