import { describe, expect, it } from 'vitest'
import { workers } from '#shared/contract/routes.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp, type TestIdentity, type World } from '#test/support/world.ts'
import { type Counts, recoveryCounts } from '../../infra/call-counts.ts'
import {
  checkCost,
  costTable,
  eventsCost,
  monthlyCost,
  pagesCost,
  recoveryCost,
  smsPerRecovery,
} from '../../infra/cost.ts'
import { type RecordedCall, recordCalls } from './recorded-calls.ts'

async function recover(world: World, { email }: TestIdentity, newPassword: string): Promise<void> {
  await world.post('/auth/request-password-reset', { email }, { ip: newIp() })
  const otp = await world.lastCode(email)
  const { token } = (await world.post('/auth/verify-password-reset-otp', { email, otp })).body
  const reset = await world.post('/auth/reset-password', { email, token, newPassword })
  expect(reset.status).toBe(200)
  const login = await world.post(
    '/api/auth/login',
    { identifier: email, password: newPassword },
    { ip: newIp() },
  )
  expect(login.status).toBe(200)
  await world.idle()
}

const isWrite = (call: RecordedCall) => ['UpdateItem', 'PutItem', 'DeleteItem'].includes(call.operation)

function countsOf(calls: readonly RecordedCall[]): Omit<Counts, 'runs'> {
  const transacted = calls
    .filter((call) => call.operation === 'TransactWriteItems')
    .flatMap((call) => call.uses)
  const reads = calls.filter((call) => ['GetItem', 'BatchGetItem', 'Query'].includes(call.operation))
  const of = (operation: string) => calls.filter((call) => call.operation === operation).length
  return {
    transacted: transacted.length,
    transactedIdentities: transacted.filter(({ table }) => table === 'identities').length,
    written: calls.filter(isWrite).length,
    read: reads.reduce((total, call) => total + call.itemBytes.length, 0),
    macs: of('GenerateMac') + of('VerifyMac'),
    emails: of('SendEmail'),
    sms: of('Publish'),
  }
}

const world = useWorld()

describe('the estimate', () => {
  it('rests on the calls that a recovery makes', async () => {
    const person = await world.identity()
    // Until five of its own passwords are on record, the imported one is checked beside them.
    for (const number of [1, 2, 3, 4, 5, 6]) {
      await recover(world, person, `Quiet-Harbour-7${number}-Vane`)
      await world.advance(3600)
    }
    // The key of a day's links is asked for once a container and day: the recovery that is counted is not a day's first.
    if (new Date(Date.now() + 300_000).getUTCDate() !== new Date().getUTCDate()) await world.advance(300)
    await recover(world, person, 'Quiet-Harbour-80-Vane')
    await world.advance(61)
    await world.idle()
    const recording = recordCalls()
    await recover(world, person, 'Quiet-Harbour-77-Vane')
    recording.stop()
    for (const [id, { runs: _, ...counts }] of Object.entries(recoveryCounts)) {
      const measured = countsOf(recording.calls.filter((call) => call.function === id))
      const worker = (workers as readonly string[]).includes(id)
      for (const [what, count] of Object.entries(counts) as [keyof typeof counts, number][])
        if (worker) expect([id, what, measured[what] <= count]).toEqual([id, what, true])
        else expect([id, what, measured[what]]).toEqual([id, what, count])
    }
  })

  it('rests on the calls that a check of a session makes', async () => {
    const { email, password } = await world.identity()
    const login = await world.post('/api/auth/login', { identifier: email, password }, { ip: newIp() })
    const recording = recordCalls()
    await world.post('/admin/sessions/introspect', { token: login.body.data.accessToken })
    recording.stop()
    const { read, ...others } = countsOf(
      recording.calls.filter((call) => call.function === 'introspect-session'),
    )
    expect(read).toBe(2)
    expect(Object.values(others)).toEqual(Object.values(others).map(() => 0))
    expect(checkCost() * 1e6).toBeCloseTo(5.75, 1)
  })

  it('counts everything of a recovery', () => {
    for (const [service, usd] of Object.entries(recoveryCost()))
      if (service !== 'ledger bucket') expect([service, usd > 0]).toEqual([service, true])
    expect(smsPerRecovery).toBe(1)
  })

  it('grows with the recoveries, but for what stands', () => {
    const [one, two] = [monthlyCost(1_000_000), monthlyCost(2_000_000)]
    const total = (costs: object) => Object.values(costs).reduce((sum: number, usd: number) => sum + usd, 0)
    expect(total(two) - total(one)).toBeCloseTo(total(one) - total(monthlyCost(0)), 6)
    expect(total(monthlyCost(0))).toBeGreaterThan(15)
  })

  it('has the pages in a row below the sum, for they are hosted by choice', () => {
    expect(pagesCost(0)).toBe(6)
    expect(pagesCost(1_000_000) - pagesCost(0)).toBeCloseTo(6 * 1.7 + 63 * 0.085, 6)
    const names = costTable()
      .split('\n')
      .map((row) => row.split('  ')[0])
    expect(names.indexOf('pages, if hosted')).toBe(names.indexOf('sum') + 1)
  })

  it('has the events in a row below, for they are published by choice', () => {
    expect(eventsCost() * 1e6).toBeCloseTo(5 * (1 + 0.2 + 0.4 + 0.55), 0)
    expect(costTable()).toContain('events, if published')
  })

  it('is shown for 10 thousand, 1 million and 100 million recoveries', () => {
    const [head] = costTable().split('\n')
    expect(head).toContain('10,000 recoveries')
    expect(head).toContain('1,000,000 recoveries')
    expect(head).toContain('100,000,000 recoveries')
  })
})
