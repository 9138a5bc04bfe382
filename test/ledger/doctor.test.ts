/** `latchkey doctor` on the local stack, with each thing broken in turn. */
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { useWorld } from '#test/support/use-world.ts'
import * as findings from '../../cli/doctor/findings.ts'
import { latchkey } from './command-line.ts'

const world = useWorld()
let local: string[]
beforeAll(async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  local = ['--local', new URL(world.url).port]
  await world.advance(300)
})

const database = () => import('#shared/stores/database.ts')
const doctor = (...words: string[]) => latchkey(['doctor', ...words, ...local])
const fault = (fields: object) =>
  world.stack.services.faults.post({ mode: 'fail-before', count: 1000, ...fields } as never)
const mend = () => world.stack.services.faults.post({ service: 'dynamodb', mode: 'slow', count: 0 })

const allWell = [
  ...[
    'tables and streams',
    'keys',
    'email',
    'SMS',
    'countries',
    'flows',
    'checkpoints',
    'outbox',
    'dead letters',
  ],
]

test('a stage in good order: each thing is looked at, nothing is wrong, exit code 0', async () => {
  expect(await doctor()).toEqual({
    code: 0,
    stdout: allWell.map((name) => `ok     ${name}\n`).join(''),
    stderr: '',
  })
})

/** Breaks one thing, and mends it. */
interface Break {
  readonly check: string
  readonly what: string
  readonly says: RegExp
  readonly breakIt: () => Promise<unknown> | unknown
  readonly mendIt: () => Promise<unknown> | unknown
}

const keyOf = () => process.env['KEY_CREDENTIAL'] ?? ''
const setEnabled = (enabled: boolean) => world.stack.services.keys.setEnabled(keyOf(), enabled)

const breaks: readonly Break[] = [
  {
    check: 'keys',
    what: 'a key is disabled',
    says: /\(KEY_CREDENTIAL\) is Disabled\.\n {7}Enable it/,
    breakIt: () => setEnabled(false),
    mendIt: () => setEnabled(true),
  },
  ...(['kms', 'ses', 'sns'] as const).map((service) => ({
    check: { kms: 'keys', ses: 'email', sns: 'SMS' }[service],
    what: `${service} does not answer`,
    says: /It could not be asked/,
    breakIt: () => fault({ service }),
    mendIt: mend,
  })),
  {
    check: 'tables and streams',
    what: 'the tables cannot be described',
    says: /It could not be asked/,
    breakIt: () => fault({ service: 'dynamodb', operation: 'DescribeTable' }),
    mendIt: mend,
  },
  {
    check: 'countries',
    what: 'an operator paused a country',
    says: /An operator paused SMS to EG, until .*\n {7}"latchkey sms resume EG"/,
    breakIt: () => latchkey(['sms', 'pause', 'EG', ...local]),
    mendIt: () => latchkey(['sms', 'resume', 'EG', ...local]),
  },
  {
    check: 'flows',
    what: 'an operator stopped a flow',
    says: /An operator stopped step-up: .*\n {7}"latchkey flow start step-up"/,
    breakIt: () => latchkey(['flow', 'stop', 'step-up', ...local]),
    mendIt: () => latchkey(['flow', 'start', 'step-up', ...local]),
  },
  {
    check: 'countries',
    what: 'the breaker paused a country',
    says: /The breaker pauses recovery codes by SMS to EG/,
    breakIt: async () => (await import('#shared/stores/sms-counts.ts')).pause('EG', world.stack.clock.now()),
    mendIt: () => latchkey(['sms', 'resume', 'EG', ...local]),
  },
  {
    check: 'outbox',
    what: 'a row is left over',
    says: /A row of the outbox has waited since .*\n {7}.*latchkey redrive/,
    breakIt: async () => {
      const db = await database()
      const createdAt = world.stack.clock.now() - 6 * 60_000
      // Of no kind that a worker takes.
      await db.putOne('outbox', { pk: 'S#doctor', sk: 'left', createdAt, kind: 'none' })
    },
    mendIt: async () => {
      const db = await database()
      await db.transact([db.remove('outbox', { pk: 'S#doctor', sk: 'left' })])
    },
  },
  {
    check: 'dead letters',
    what: 'a worker gave up',
    says: /deliver gave up 1 times\.\n {7}"latchkey dead-letters list"/,
    breakIt: async () => {
      fault({ service: 'ses' })
      const { email } = await world.identity()
      await world.post('/api/auth/forgot-password', { email })
      await world.idle()
      mend()
    },
    mendIt: async () => {
      await world.idle()
      await latchkey(['redrive', ...local])
      await world.idle()
      await latchkey(['dead-letters', 'drop', ...local])
    },
  },
  {
    check: 'checkpoints',
    what: 'the sealer is silent',
    says: /The last checkpoint is of .*\n {7}See the log of seal-ledger/,
    breakIt: async () => {
      const db = await database()
      await db.updateOne('seal', { pk: 'checkpoint', sk: 'latest' }, 'SET #at = #at - :hours', {
        values: { hours: 3 * 3_600_000 },
      })
    },
    mendIt: () => latchkey(['ledger', 'seal', ...local]),
  },
]

describe('what is broken is named, with what to do, and nothing else is', () => {
  test.each(breaks)(
    '$what',
    async ({ check, says, breakIt, mendIt }) => {
      await breakIt()
      try {
        const { code, stdout } = await doctor()
        expect(code).toBe(1)
        expect(stdout).toMatch(says)
        const wrong = stdout.split('\n').filter((line) => line.startsWith('wrong'))
        expect(
          wrong.every((line) => line.startsWith(`wrong  ${check}: `)),
          stdout,
        ).toBe(true)
      } finally {
        await mendIt()
      }
      expect((await doctor()).code, 'mended').toBe(0)
    },
    60_000,
  )

  test('as JSON too', async () => {
    setEnabled(false)
    const { code, stdout } = await doctor('--json')
    setEnabled(true)
    expect(code).toBe(1)
    const { checks } = JSON.parse(stdout)
    expect(checks.map(({ name }: { name: string }) => name)).toEqual(allWell)
    expect(checks[1].findings).toMatchObject([{ todo: expect.stringContaining('Enable it') }])
  })
})

describe('what the local stack cannot break', () => {
  const texts = (found: readonly findings.Finding[]) => found.map(({ wrong }) => wrong)
  const email = { from: 'no-reply@example.com', verified: true, perDay: 50_000, sentToday: 1 }

  test('SES: the sender not verified, the sandbox, a quota that is nearly used up', () => {
    expect(findings.ofEmail(email)).toEqual([])
    expect(texts(findings.ofEmail({ ...email, verified: false }))).toEqual([
      'SES has not verified no-reply@example.com, nor its domain: no email goes.',
    ])
    expect(texts(findings.ofEmail({ ...email, perDay: 200 }))[0]).toMatch(/^SES is in its sandbox/)
    expect(texts(findings.ofEmail({ ...email, sentToday: 45_000 }))[0]).toMatch(/^45000 of 50000/)
  })

  test('SNS: the sandbox, and the spend of a new account', () => {
    expect(findings.ofSms({ sandbox: false, monthlyUsd: 100 })).toEqual([])
    expect(texts(findings.ofSms({ sandbox: true, monthlyUsd: 100 }))[0]).toMatch(/sandbox/)
    expect(texts(findings.ofSms({ sandbox: false, monthlyUsd: 1 }))[0]).toMatch(/may spend 1 USD/)
    const spent = { sandbox: false, monthlyUsd: 100, spentUsd: 81.5 }
    expect(texts(findings.ofSms(spent))).toEqual([
      '81.5 of 100 USD for SMS are spent this month; then SNS sends none.',
    ])
  })

  test('tables, streams, registrations, a key that is to be deleted, no checkpoint at all', () => {
    expect(texts(findings.ofTables([{ name: 't', status: 'UPDATING', streams: false }]))).toEqual([
      'The table t is UPDATING.',
      'The table t has no stream, so its workers get nothing.',
    ])
    const india = { country: 'IN', missing: [], texts: ['ar pinSet'] }
    expect(texts(findings.ofCountries([{ ...india, missing: ['entityId', 'templates'] }]))).toEqual([
      'IN wants entityId, templates registered: no SMS go there.',
    ])
    expect(texts(findings.ofCountries([india]))).toEqual([
      'IN has no template for ar pinSet: these texts are not sent there.',
    ])
    const [key] = findings.ofKeys([{ setting: 'KEY_CODE', keyId: 'k', state: 'PendingDeletion' }])
    expect(key?.todo).toMatch(/^Cancel its deletion now/)
    expect(texts(findings.ofCheckpoint(undefined, 0))[0]).toMatch(/^There is no checkpoint/)
  })
})
