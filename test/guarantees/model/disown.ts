/** 'It was not me': links from all messages that were sent, whosever they are and however old. */
import assert from 'node:assert/strict'
import { tokenHash } from '#shared/crypto/tokens.ts'
import { policy } from '#shared/policy.ts'
import type { Grant } from '#shared/stores/not-me.ts'
import { linksIn, notMeTokenIn } from '#test/support/not-me.ts'
import { storedItem } from '#test/support/stored.ts'
import type { World } from '#test/support/world.ts'
import { type Model, type Person, raise, recordEntry } from './state.ts'
import { type Fault, moved, perform } from './step.ts'

export interface DisownAim {
  /** Back from the newest link. */
  readonly back: number
  /** A token that nobody was sent. */
  readonly wrong: boolean
  readonly fault: Fault
}

async function linkedTokens({ lastMessageBefore }: Model, world: World): Promise<string[]> {
  await world.idle()
  const messages = world.stack.services.inbox.messages()
  const sent = messages.slice(messages.findIndex(({ id }) => id === lastMessageBefore) + 1)
  const texts = sent.map(({ text }) => text)
  return [...new Set(texts.flatMap((text) => linksIn(text).map(notMeTokenIn)))]
}

/** Whose change a token disowns, while it may. What it stands for is read from the store, whether it counts is not. */
async function meantBy({ people, usedLinks }: Model, token: string) {
  const grant = (await storedItem(`R#${tokenHash(token)}`)) as unknown as Grant | undefined
  const person = people.find(({ userId }) => userId === grant?.userId)
  if (grant === undefined || person === undefined || person.erased) return undefined
  const isLive = grant.expiresAt > Date.now() && grant.changedAt >= person.registeredAt
  return isLive && !usedLinks.has(token) ? { grant, person } : undefined
}

function disown(person: Person, { disowned }: Grant): void {
  raise(person)
  if (person.sessionEpoch !== undefined) person.sessionEpoch += 1
  person.recoveryFrozenUntil = Date.now() + policy.freezeSeconds * 1000
  if (disowned === 'password') person.resetRequired = true
  if (disowned === 'pin') person.pinResetRequired = true
  recordEntry(person, 'RECOVERY_FROZEN')
}

export async function notMe(model: Model, world: World, aim: DisownAim): Promise<void> {
  const tokens = await linkedTokens(model, world)
  const token = aim.wrong ? undefined : tokens.at(-1 - (aim.back % Math.max(1, tokens.length)))
  const meant = token === undefined ? undefined : await meantBy(model, token)
  await perform(
    model,
    world,
    {
      route: 'notMe',
      body: { token: token ?? 'x'.repeat(22) },
      expected: meant === undefined ? ['TOKEN_INVALID'] : 'done',
      onDone: () => {
        assert.ok(meant !== undefined && token !== undefined)
        model.usedLinks.add(token)
        disown(meant.person, meant.grant)
      },
      ...(meant !== undefined && { happened: moved(meant.person) }),
    },
    aim.fault,
  )
}
