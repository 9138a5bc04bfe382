/** People and addresses that no run has seen before. */
import { randomBytes, randomInt } from 'node:crypto'
import { seedPasswordHash } from '#local/seed.ts'
import { type Deployment, expectStatus } from './deployment.ts'

export interface Person {
  readonly userId: string
  readonly email: string
  readonly username: string
  readonly phone: string
}

/** Of the range for documentation (RFC 3849), each in a /64 of its own. */
export function newIp(): string {
  const part = () => randomInt(0x10000).toString(16)
  return `2001:db8:${part()}:${part()}::1`
}

/** Egyptian mobile numbers, which the default countries allow. */
export const newPhone = (): string => `+2010${randomInt(10_000_000, 99_999_999)}`

/** Someone who is not registered. All have names of one length, so that only being known tells people apart. */
export function newPerson(): Person {
  const unique = randomBytes(6).toString('hex')
  return {
    userId: `u-${unique}`,
    email: `${unique}@example.com`,
    username: `user-${unique}`,
    phone: newPhone(),
  }
}

/** Someone registered, with five passwords on record. */
export async function register({ call, services }: Deployment): Promise<Person> {
  const person = newPerson()
  const { userId, ...identity } = person
  const body = { ...identity, passwordHash: seedPasswordHash }
  expectStatus(await call('putIdentity', body, { ip: newIp(), userId }), 201)
  await services.ask('ageIdentity', userId)
  return person
}
