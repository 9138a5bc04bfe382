/** Cases of all workers, by what they do. */
import { deepStrictEqual, ok, strictEqual } from 'node:assert'
import type { EventType } from '#shared/events.ts'
import { readPointer } from '#shared/stores/checkpoints.ts'
import { transact, update } from '#shared/stores/database.ts'
import { readGuesses } from '#shared/stores/guesses.ts'
import { adminOf } from '#test/support/admin.ts'
import { entriesOf } from '#test/support/entries.ts'
import { eventLine, publishedOf } from '#test/support/published.ts'
import {
  askCode,
  passwordEmail,
  passwordTwoFactor,
  type RecoveryFlow,
  verifyCode,
  wrongCode,
} from '#test/support/recovery.ts'
import { itemsOf } from '#test/support/sessions-stored.ts'
import { outboxRows } from '#test/support/stored.ts'
import { newIp, type TestIdentity, type World } from '#test/support/world.ts'
import type { WorkerCase } from './case.ts'

/** Long enough for every row to be swept: codes and messages after 40 s, events after two minutes. */
export async function recover(world: World): Promise<void> {
  for (const seconds of [61, 61, 61, 300]) {
    await world.advance(seconds)
    await world.idle()
  }
}

async function entriesOfType(
  world: World,
  { userId }: TestIdentity,
  types: readonly EventType[],
): Promise<number> {
  return (await entriesOf(world, userId)).filter(({ type }) => types.includes(type)).length
}

const drained = async () => deepStrictEqual(await outboxRows(), [], 'the outbox is drained')

function came(count: number, mayRepeat: boolean): void {
  ok(mayRepeat ? count >= 1 : count === 1, `${count} messages came`)
}

const code = (flow: RecoveryFlow): WorkerCase => ({
  worker: 'deliver',
  async prepare(world) {
    const person = await world.identity()
    await world.idle()
    return {
      act: () => world.post(flow.request, flow.typed(person), { ip: newIp() }),
      async check(mayRepeat) {
        strictEqual(
          await entriesOfType(world, person, ['CODE_SENT', 'CODE_NOT_SENT']),
          1,
          'one entry of its delivery',
        )
        strictEqual(await entriesOfType(world, person, ['CODE_REQUESTED']), 1)
        came(world.messages(person[flow.channel]).length, mayRepeat)
        await drained()
      },
    }
  },
})

const notice: WorkerCase = {
  worker: 'notify',
  async prepare(world) {
    const person = await world.identity()
    await world.idle()
    return {
      act: () => adminOf(world).requireReset(person.userId),
      async check(mayRepeat) {
        strictEqual(await entriesOfType(world, person, ['IDENTITY_CHANGED']), 1)
        came(world.messages(person.email).length, mayRepeat)
        await drained()
      },
    }
  },
}

const guess: WorkerCase = {
  worker: 'append-ledger',
  async prepare(world) {
    const person = await world.identity()
    const otp = wrongCode((await askCode(world, passwordEmail, person)).code)
    return {
      act: () => verifyCode(world, passwordEmail, person, { otp }),
      async check() {
        strictEqual(await entriesOfType(world, person, ['CODE_VERIFIED']), 1, 'the guess is one entry')
        strictEqual((await entriesOf(world, person.userId)).length, 4)
        strictEqual((await readGuesses(person.userId)).fails, 1, 'the guess is counted once')
        await drained()
      },
    }
  },
}

const checkpoint: WorkerCase = {
  worker: 'seal-ledger',
  async prepare(world) {
    await world.advance(301)
    const before = (await readPointer())?.number ?? 0
    await world.identity()
    await world.idle()
    return {
      act: () => world.advance(301),
      async check() {
        const sealed = (await readPointer())?.number ?? 0
        ok(sealed > before, 'what moved is sealed')
      },
    }
  },
}

/** A row that the appender could not take, and set aside. */
const leftOver: WorkerCase = {
  worker: 'sweep-outbox',
  async prepare(world) {
    const { faults } = world.stack.services
    faults.post({ service: 'dynamodb', mode: 'fail-before', count: 1000, function: 'append-ledger' })
    const person = await world.identity()
    await world.idle()
    faults.post({ count: 0 })
    strictEqual((await outboxRows()).length, 1, 'one row is left over')
    return {
      act: () => world.advance(180),
      async check() {
        const entries = await entriesOf(world, person.userId)
        deepStrictEqual(
          entries.map(({ type }) => type),
          ['IDENTITY_CREATED'],
        )
        await drained()
      },
    }
  },
}

/** Leaves the ledger tampered with: whoever verifies it does so before. */
const touchedEntry: WorkerCase = {
  worker: 'sentinel',
  async prepare(world) {
    const person = await world.identity()
    const [entry] = await entriesOf(world, person.userId)
    const place = { chain: `${entry?.chain}`, seq: entry?.seq ?? 0 }
    return {
      act: () => transact([update('ledger', place, 'SET touched = :now', { values: { now: 1 } })]),
      async check() {
        const items = await itemsOf('ledger')
        const alarms = items.filter(({ type }) => type === 'LEDGER_TAMPERED')
        const told = alarms.filter(({ fields }) => fields?.includes(`${place.chain}#${place.seq}`))
        strictEqual(told.length, 1, 'the change is told once')
        await drained()
      },
    }
  },
}

/** It makes one entry; the person is published before. */
const entry: WorkerCase = {
  worker: 'publish',
  unrecorded: true,
  async prepare(world) {
    const person = await world.identity()
    await world.idle()
    return {
      act: () => adminOf(world).signOut(person.userId),
      async check(mayRepeat) {
        const told = (await publishedOf(world, person.userId)).map(eventLine)
        const wanted = ['IDENTITY_CREATED success', 'LOGOUT success everywhere']
        deepStrictEqual(mayRepeat ? [...new Set(told)] : told, wanted, 'each entry is on the bus')
      },
    }
  },
}

export const workerCases: Readonly<Record<string, WorkerCase>> = {
  'a code by email': code(passwordEmail),
  'a code by SMS': code(passwordTwoFactor),
  'a notice': notice,
  'a guess': guess,
  'a checkpoint': checkpoint,
  'a row left over': leftOver,
  'an entry for the bus': entry,
  'a touched entry': touchedEntry,
}
