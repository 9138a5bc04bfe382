/** What planted skips are made of: they stand between the gateway and the real step, and may write the tables. */

import { subjectKey } from '#shared/domain/subject.ts'
import { updateOne } from '#shared/stores/database.ts'
import { findIdentity } from '#shared/stores/identities.ts'
import { sessionsOf } from '#shared/stores/sessions.ts'
import type { World } from '#test/support/world.ts'

export interface Event {
  readonly resource: string
  readonly body: string | null
  readonly headers: Readonly<Record<string, string>>
  readonly pathParameters: Readonly<Record<string, string>> | null
}
export interface Answer {
  readonly statusCode: number
  readonly body: string
}

export type Body = Readonly<Record<string, string | undefined>>
export type Call = (event: Event) => Promise<Answer>
export type Plant = (event: Event, call: Call, world: World) => Promise<Answer>

export const bodyOf = (event: Event) => JSON.parse(event.body ?? '{}') as Body
export const withBody = (event: Event, more: object): Event => ({
  ...event,
  body: JSON.stringify({ ...bodyOf(event), ...more }),
})

/** Whose session a call carries. */
export function sessionIn(event: Event): { readonly userId: string; readonly sessionId: string } {
  const token = Object.entries(event.headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1]
  const [userId = '', sessionId = ''] = (token ?? '').replace('Bearer ', '').split('.')
  return { userId, sessionId }
}

/** The person an email, phone or username names. */
export async function ownerOf(event: Event): Promise<string | undefined> {
  const { email, phone, userId } = bodyOf(event)
  if (userId !== undefined) return userId
  const kind = email === undefined ? 'phone' : 'email'
  return (await findIdentity({ kind, value: email ?? phone ?? '' }))?.userId
}

export type Change = readonly [set: string, values: Readonly<Record<string, unknown>>]

export async function changeIdentity(userId: string | undefined, [set, values]: Change): Promise<void> {
  if (userId === undefined) return
  const expression = { condition: 'attribute_exists(pk)', values }
  await updateOne('identities', { pk: `U#${userId}` }, `SET ${set}`, expression)
}

export async function changeSessions(userId: string | undefined, [set, values]: Change): Promise<void> {
  if (userId === undefined) return
  for (const { sessionId } of await sessionsOf(userId))
    await updateOne('sessions', { userId, sessionId }, `SET ${set}`, { values })
}

/** Changes the newest challenges of what a call types, where there are any. */
export async function changeChallenges(event: Event, [set, values]: Change): Promise<void> {
  for (const kind of ['email', 'phone', 'userId'] as const)
    for (const flow of ['password-email', 'password-email-basic', 'pin-reset']) {
      const value = bodyOf(event)[kind] ?? ''
      const expression = { condition: 'attribute_exists(challengeId)', values }
      await updateOne(
        'challenges',
        { pk: `C#${flow}#${subjectKey({ kind, value })}` },
        `SET ${set}`,
        expression,
      )
    }
}

export const succeeded = ({ statusCode }: Answer) => statusCode < 300

/** After a success, undoes a part of what it did. */
export const afterwards =
  (undo: (event: Event) => Promise<void>): Plant =>
  async (event, call) => {
    const answer = await call(event)
    if (succeeded(answer)) await undo(event)
    return answer
  }

/** Before the step looks, makes true what it is about to check. */
export const beforehand =
  (smooth: (event: Event) => Promise<void>): Plant =>
  async (event, call) => {
    await smooth(event)
    return call(event)
  }
