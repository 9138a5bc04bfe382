/** What the tables hold, against the reference: no epoch and no credential moves unless the reference moves it. */
import assert from 'node:assert/strict'
import { refIn } from '#test/support/recovery.ts'
import { storedIdentities, storedIdentity, storedItem } from '#test/support/stored.ts'
import type { World } from '#test/support/world.ts'
import type { Challenge, Model, Person, Secret } from './state.ts'

type Record = Awaited<ReturnType<typeof storedIdentity>>

const sealIn = (record: Record, secret: Secret) =>
  (record?.[secret] as { readonly mac: string } | undefined)?.mac

/** Number of the last change. */
export const revOf = async ({ userId }: Person) => Number((await storedIdentity(userId))?.['rev'] ?? 0)

function holdEpoch(person: Person, record: Record, name: 'credentialEpoch' | 'sessionEpoch', when: string) {
  const stored = Number(record?.[name])
  // A new record takes its epochs from the clock.
  person[name] ??= stored
  assert.equal(stored, person[name], `${name} of ${person.userId} ${when}`)
}

function holdSeal(person: Person, record: Record, secret: Secret, when: string): void {
  const stored = sealIn(record, secret)
  const changed = stored !== person.seals[secret]
  assert.equal(changed, person.replaced.has(secret), `the ${secret} of ${person.userId} changed ${when}`)
  person.seals[secret] = stored
  person.replaced.delete(secret)
}

function holdPerson(person: Person, record: Record, when: string): void {
  assert.equal(record === undefined, person.erased, `${person.userId} is there ${when}`)
  person.rev = Number(record?.['rev'] ?? 0)
  for (const secret of ['password', 'pin'] as const) holdSeal(person, record, secret, when)
  if (record === undefined) return
  holdEpoch(person, record, 'credentialEpoch', when)
  holdEpoch(person, record, 'sessionEpoch', when)
  assert.equal(record['pinFailures'], person.pinFailures, `wrong PINs of ${person.userId} ${when}`)
  assert.equal(record['status'] === 'suspended', person.suspended, `status of ${person.userId} ${when}`)
}

/** @throws AssertionError where the store and the reference differ */
export async function holdStore({ people }: Model, when: string): Promise<void> {
  const records = await storedIdentities(people.map(({ userId }) => userId))
  for (const [place, person] of people.entries()) holdPerson(person, records[place], when)
}

/** Learns the tries and refusals of a challenge after a call whose outcome is unknown: as they were, or one more. */
export async function learnTries(challenge: Challenge): Promise<void> {
  const place = challenge.state === 'verified' ? `V#${challenge.flowId}` : challenge.pk
  const item = await storedItem(place)
  if (item?.['challengeId'] !== challenge.flowId) return
  for (const [name, attribute] of [
    ['open', 'triesOpen'],
    ['named', 'triesFlow'],
    ['ref', 'triesRef'],
  ] as const) {
    const more = Number(item[attribute] ?? 0) - challenge.tries[name]
    assert.ok(more === 0 || more === 1, `${attribute} of ${place} rose by ${more}`)
    challenge.tries[name] += more
  }
  const more = Number(item['refusals'] ?? 0) - challenge.refusals
  assert.ok(more === 0 || more === 1, `refusals of ${place} rose by ${more}`)
  challenge.refusals += more
  // What a reset consumed is over in any case; what spent refusals consumed is known by nothing else.
  if (item['state'] === 'CONSUMED') challenge.state = 'over'
}

/** Whether a challenge is stored as verified. */
export const isVerified = async ({ flowId }: Challenge) => (await storedItem(`V#${flowId}`)) !== undefined

/** The code in the newest message of these that holds one, and the reference beside it. */
export function codeIn(messages: ReturnType<World['messages']>) {
  const found = messages.map(({ text }) => ({
    code: /(?<![\w-])[0-9]{6}(?![\w-])/.exec(text)?.[0],
    ref: refIn(text),
  }))
  return found.findLast(({ code }) => code !== undefined) ?? { code: undefined, ref: undefined }
}
