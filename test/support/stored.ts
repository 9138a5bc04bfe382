/** What the tables hold, for tests of state that no reply shows. Only while a world runs. */
import type { FlowId } from '#shared/contract/flows.ts'
import { pairKey, subjectKey } from '#shared/domain/subject.ts'
import type { MessageRow, Subject } from '#shared/events.ts'
import type { StoredChallenge } from '#shared/stores/challenges.ts'
import { get, getSeveral, type Item, scan } from '#shared/stores/database.ts'
import { identityOf } from '#shared/stores/identities.ts'
import type { RecoveryFlow } from './recovery.ts'
import type { TestIdentity } from './world.ts'

/** All that a record holds, its secrets with their names. */
const recordOf = (item: Item | undefined) => item && ({ ...identityOf(item) } as Item)

/** The record of an identity. */
export async function storedIdentity(userId: string) {
  return recordOf(await get('identities', { pk: `U#${userId}` }))
}

/** The records of several identities, in their order: one call. */
export async function storedIdentities(userIds: readonly string[]) {
  const items = await getSeveral(
    userIds.map((userId) => ({ table: 'identities', key: { pk: `U#${userId}` } })),
  )
  return items.map(recordOf)
}

/** How often credentials or addresses of an identity changed. */
export const epochOf = async (userId: string): Promise<number> =>
  Number((await storedIdentity(userId))?.['credentialEpoch'])

export async function storedItem(pk: string) {
  return get('challenges', { pk })
}

/** The newest challenge of a typed subject. */
export const storedChallengeOf = async (flow: FlowId, subject: Subject) =>
  (await storedItem(`C#${flow}#${subjectKey(subject)}`)) as unknown as StoredChallenge | undefined

/** The newest challenge of flow and person. */
export async function storedChallenge(flow: RecoveryFlow, person: TestIdentity) {
  if (flow.id === 'password-two-factor') {
    const key = pairKey({ kind: 'username', value: person.username }, person.phone)
    return (await storedItem(`C#${flow.id}#${key}`)) as unknown as StoredChallenge | undefined
  }
  const { channel } = flow
  return storedChallengeOf(flow.id, { kind: channel, value: person[channel] })
}

/** Rows that no worker has taken yet. */
export async function outboxRows() {
  const [{ items: orders }, { items: notices }] = await Promise.all([scan('outbox'), scan('notices')])
  return [...orders, ...notices]
}

/** Notices that nobody has sent yet. */
export async function noticeRows(): Promise<MessageRow[]> {
  return (await scan('notices')).items as MessageRow[]
}

interface Sealed {
  readonly mac: string
  readonly scheme: { readonly algorithm: string; readonly salt: string }
}

/** A secret as stored. @throws Error where there is none. */
export async function sealOf(userId: string, secret: 'pin' | 'password'): Promise<Sealed> {
  const sealed = (await storedIdentity(userId))?.[secret]
  if (sealed === undefined) throw new Error(`There is no ${secret}`)
  return sealed as Sealed
}
