/** G14: SES, or SNS, down for an hour: what is sent late, what is not, and that no dead code reaches a mailbox. */
import '#test/support/quiet.ts'
import { flowOf } from '#shared/contract/flows.ts'
import { adminOf } from '#test/support/admin.ts'
import { entriesOf } from '#test/support/entries.ts'
import { passwordEmail, pinReset, type RecoveryFlow } from '#test/support/recovery.ts'
import { outboxRows } from '#test/support/stored.ts'
import { verifyWholeLedger } from '#test/support/whole-ledger.ts'
import { createWorld, newIp, type TestIdentity, type World } from '#test/support/world.ts'
import { type Measured, measured } from '../bench/figures.ts'
import type { Proof } from './proof.ts'

/** Minutes of the outage in which someone asks: the last two within the life of a code. */
const askedAt: readonly number[] = [0, 10, 20, 30, 40, 50, 57, 59]
const outageMinutes = 60
const isCode = ({ text }: { readonly text: string }) => /(?<![0-9])[0-9]{6}(?![0-9])/.test(text)

interface Asked {
  readonly person: TestIdentity
  readonly time: number
}

/** What came of one who asked in the outage. */
interface Fate {
  readonly sent: number
  readonly notSent: number
  /** Codes that arrived after their life. */
  readonly dead: number
}

async function fateOf(world: World, flow: RecoveryFlow, { person, time }: Asked): Promise<Fate> {
  const entries = await entriesOf(world, person.userId)
  const count = (type: string) => entries.filter((entry) => entry.type === type).length
  const codes = world.messages(person[flow.channel]).filter(isCode)
  const lifeMs = flowOf(flow.id).codeLifeSeconds * 1000
  const dead = codes.filter(({ sentAt }) => Date.parse(String(sentAt)) > time + lifeMs).length
  return { sent: count('CODE_SENT'), notSent: count('CODE_NOT_SENT'), dead }
}

async function* outageOf(world: World, service: 'ses' | 'sns', flow: RecoveryFlow): AsyncGenerator<Measured> {
  const asked: Asked[] = []
  const { faults } = world.stack.services
  // Someone without a mailbox is told by SMS.
  const told = await world.identity(service === 'sns' ? { email: undefined } : {})
  faults.post({ service, mode: 'fail-before', count: 1_000_000 })
  for (let minute = 0; minute < outageMinutes; minute += 1) {
    if (askedAt.includes(minute)) {
      const person = await world.identity()
      asked.push({ person, time: Date.now() })
      await world.post(flow.request, flow.typed(person), { ip: newIp() })
    }
    if (minute === 1) await adminOf(world).requireReset(told.userId)
    await world.advance(60)
    await world.idle()
  }
  faults.post({ count: 0 })
  const oldest = Math.max(...(await outboxRows()).map(({ createdAt }) => Date.now() - Number(createdAt)))
  // The sweep waits as long again as a row had waited.
  for (let minute = 0; minute < 2 * outageMinutes; minute += 1) {
    await world.advance(60)
    await world.idle()
  }
  const fates = await Promise.all(asked.map((each) => fateOf(world, flow, each)))
  const sum = (of: (fate: Fate) => number) => fates.reduce((total, fate) => total + of(fate), 0)
  const name = `outage.${service}`
  yield measured(`${name}.asked`, asked.length, 'codes')
  yield measured(
    `${name}.sent_late`,
    sum(({ sent }) => sent),
    'codes',
  )
  yield measured(
    `${name}.not_sent`,
    sum(({ notSent }) => notSent),
    'codes',
    { least: 1 },
  )
  const odd = fates.filter(({ sent, notSent }) => sent + notSent !== 1).length
  yield measured(`${name}.lost_or_double`, odd, 'codes', { most: 0 })
  yield measured(
    `${name}.dead_codes_in_mailboxes`,
    sum(({ dead }) => dead),
    'codes',
    { most: 0 },
  )
  const address = service === 'ses' ? told.email : told.phone
  yield measured(`${name}.notices_late`, world.messages(address).length, 'messages', { least: 1, most: 1 })
  yield measured(
    `${name}.oldest_row`,
    Math.round(oldest / 1000),
    's',
    { least: 900 },
    'the alarm outbox-old rings from 900',
  )
  yield measured(`${name}.outbox_left`, (await outboxRows()).length, 'rows', { most: 0 })
}

export const proof: Proof = {
  about:
    'SES, then SNS, down for an hour: codes are sent in time or not at all, notices late, and nothing is lost (G14).',
  run: async function* (_values, report) {
    const world = await createWorld({ report: () => undefined })
    try {
      yield* outageOf(world, 'ses', passwordEmail)
      yield* outageOf(world, 'sns', pinReset)
      const { ok, said } = await verifyWholeLedger(world)
      report(said)
      yield measured('outage.ledgers_bad', ok ? 0 : 1, 'ledgers', { most: 0 })
    } finally {
      await world.close()
    }
  },
}
