/** What an operator does without a deployment: following the ledger, dead letters, pausing a country, keys. */
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { pause } from '#shared/stores/sms-counts.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sized } from '#test/support/whole.ts'
import { newIp } from '#test/support/world.ts'
import { follow } from '../../cli/follow.ts'
import { latchkey } from './command-line.ts'

const world = useWorld()
let local: string[]
beforeAll(async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  local = ['--local', new URL(world.url).port]
})

/** Of bcrypt, cost 10. */
const bcryptHash = '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'

const run = (...words: string[]) => latchkey([...words, ...local])
const database = () => import('#shared/stores/database.ts')

describe('latchkey tail', () => {
  /** Looks so often, with something done before each look but the first. */
  async function followed(...acts: (() => Promise<unknown>)[]) {
    const waiting = acts.values()
    const pause = async () => {
      const { value: act, done } = waiting.next()
      if (done) return false
      await act()
      await world.idle()
      return true
    }
    const entries = []
    for await (const entry of follow(world.stack.clock.now(), pause)) entries.push(entry)
    return entries
  }

  test('shows each new entry once, of whatever chain, and nothing of before', async () => {
    const old = await world.identity()
    await world.idle()
    await sleep(5)
    const entries = await followed(
      () => world.identity({ userId: 'u-tail' }),
      () => world.post(`/admin/identities/${old.userId}/sign-out`),
      () =>
        world.post(
          '/api/auth/login',
          { identifier: 'nobody@example.com', password: 'wrong' },
          { ip: newIp() },
        ),
      () => world.post(`/admin/identities/${old.userId}/unlock`),
      async () => undefined,
    )
    expect(entries.map(({ chain, type }) => `${chain.replace(/unknown.*/, 'unknown')} ${type}`)).toEqual([
      'identity/u-tail IDENTITY_CREATED',
      `identity/${old.userId} LOGOUT`,
      'unknown LOGIN',
      `identity/${old.userId} IDENTITY_CHANGED`,
    ])
  })

  test('misses none whose head is sealed between two looks', async () => {
    const entries = await followed(async () => {
      await world.identity({ userId: 'u-sealed' })
      await world.idle()
      await run('ledger', 'seal')
    })
    expect(entries.map(({ chain }) => chain)).toEqual(['identity/u-sealed'])
  })

  test('reads of a long chain what is new alone', async () => {
    const person = await world.identity()
    const longChain = sized(25, 60)
    for (let entry = 0; entry < longChain; entry += 1)
      await world.post(`/admin/identities/${person.userId}/sign-out`)
    await world.idle()
    await sleep(5)
    const { query } = await database()
    expect(
      (await query('ledger', '#chain = :chain', { chain: `identity/${person.userId}` })).items,
    ).toHaveLength(longChain + 1)
    const entries = await followed(() => world.post(`/admin/identities/${person.userId}/unlock`))
    expect(entries).toHaveLength(1)
  })
})

describe('latchkey sms', () => {
  const askPin = async (phone: string) => {
    await world.post('/api/pin/reset/request', { phone }, { ip: newIp() })
    await world.idle()
    return world.messages(phone).length
  }

  test('pause stops every SMS to the country at once, resume lets them go, and both leave an entry', async () => {
    const [one, two, abroad] = [await world.identity(), await world.identity(), await world.identity()]
    const paused = await run('sms', 'pause', 'eg', '--reason', 'toll fraud, ticket 12')
    expect(paused.code).toBe(0)
    expect(paused.stdout).toContain('No SMS go to EG from now on')
    expect(await askPin(one.phone)).toBe(0)
    expect((await run('identity', 'show', one.userId)).stdout).toContain('SMS to that country are paused')
    await world.advance(6 * 24 * 3600)
    expect(await askPin(two.phone), 'days later').toBe(0)
    expect((await run('sms', 'resume', 'EG')).code).toBe(0)
    expect(await askPin(abroad.phone)).toBe(1)
    await world.idle()
    const { query } = await database()
    const { items } = await query('ledger', '#chain = :chain', { chain: 'system' })
    expect(items).toMatchObject([
      {
        type: 'SMS_PAUSED',
        fields: ['EG'],
        actor: 'local',
        outcome: 'success',
        note: 'toll fraud, ticket 12',
      },
      { type: 'SMS_RESUMED', fields: ['EG'], actor: 'local', outcome: 'success' },
    ])
  })

  test('a pause that is forgotten ends by itself after a week', async () => {
    const { phone } = await world.identity()
    await run('sms', 'pause', 'EG')
    await world.advance(7 * 24 * 3600 + 60)
    expect(await askPin(phone)).toBe(1)
  })

  test('the breaker neither shortens nor lifts it', async () => {
    const { phone } = await world.identity()
    await run('sms', 'pause', 'EG')
    await pause('EG', world.stack.clock.now())
    await world.advance(600)
    expect(await askPin(phone)).toBe(0)
    await run('sms', 'resume', 'EG')
  })

  test('a country that no SMS go to is a mistake, told with those that they go to', async () => {
    const ran = await run('sms', 'pause', 'Egypt')
    expect(ran).toMatchObject({ code: 2, stdout: '' })
    expect(ran.stderr).toContain('No SMS go to "Egypt". Countries: EG, IN.')
  })
})

describe('latchkey sms floor', () => {
  const watch = async () => {
    const { handler } = await import('../../functions/workers/watch-sms.ts')
    await handler()
  }

  test('stands in place of the deployed floor from the next minute on, also against the breaker, and leaves an entry', async () => {
    const person = await world.identity()
    const { countWrites } = await import('#shared/stores/sms-counts.ts')
    const { transact } = await database()
    const askedAt = world.stack.clock.now()
    const sent = Array.from({ length: 60 }, () => ({ country: 'EG', askedAt, what: 'sent' }) as const)
    await transact(countWrites(sent, 'identity/u-fraud'))
    await world.advance(25 * 60)
    const { code, stdout } = await run('sms', 'floor', 'EG', '50')
    expect([code, stdout]).toEqual([0, expect.stringContaining('Up to 50 recovery codes a day to EG')])
    await watch()
    const asked = async () => {
      await world.post('/api/pin/reset/request', { phone: person.phone }, { ip: newIp() })
      await world.idle()
      return world.messages(person.phone).length
    }
    expect(await asked(), 'sixty unverified, and fifty may be').toBe(0)
    expect((await run('doctor')).stdout).toContain("set the breaker's floor of EG to 50")
    expect((await run('sms', 'floor', 'EG', '5000', '--reason', 'launch')).code).toBe(0)
    await world.advance(4 * 60)
    await watch()
    expect(await asked()).toBe(1)
    const { query } = await database()
    const { items } = await query('ledger', '#chain = :chain', { chain: 'system' })
    expect(items.filter(({ type }) => type === 'SMS_FLOOR_SET')).toMatchObject([
      { fields: ['EG'], limit: '50', actor: 'local' },
      { fields: ['EG'], limit: '5000', actor: 'local', note: 'launch' },
    ])
  })

  test('what is no number is a mistake', async () => {
    for (const number of ['0', '-1', '1e3', 'many', '1000001'])
      expect(await run('sms', 'floor', 'EG', number)).toMatchObject({ code: 2, stdout: '' })
  })
})

describe('latchkey flow', () => {
  const entries = async () => {
    await world.idle()
    const { query } = await database()
    const { items } = await query('ledger', '#chain = :chain', { chain: 'system' })
    return items.filter(({ type }) => String(type).startsWith('FLOW_'))
  }

  test('stop answers a flow with 503 to everybody alike, before anything is looked up; start lets it go on; both leave an entry', async () => {
    const { phone } = await world.identity()
    const stopped = await run('flow', 'stop', 'pin-reset', '--reason', 'ticket 7')
    expect([stopped.code, stopped.stdout]).toEqual([0, expect.stringContaining('answer 503 to everybody')])
    const replies = []
    for (const typed of [phone, '+201009998877']) {
      const reply = await world.post('/api/pin/reset/request', { phone: typed }, { ip: newIp() })
      expect(world.stack.services.calls.byRequest(String(reply.body.requestId))).toEqual([])
      replies.push({ status: reply.status, ...reply.body.error, requestId: undefined })
    }
    expect(replies[0]).toMatchObject({ status: 503, code: 'UNAVAILABLE', retryAfterSeconds: 300 })
    expect(replies[1]).toEqual(replies[0])
    expect(
      (await world.post('/api/auth/forgot-password', { email: 'a@example.com' }, { ip: newIp() })).status,
    ).toBe(200)
    expect((await run('doctor')).stdout).toContain('An operator stopped pin-reset')
    expect((await run('flow', 'start', 'pin-reset')).code).toBe(0)
    expect((await world.post('/api/pin/reset/request', { phone }, { ip: newIp() })).status).toBe(200)
    expect(await entries()).toMatchObject([
      { type: 'FLOW_STOPPED', flow: 'pin-reset', actor: 'local', outcome: 'success', note: 'ticket 7' },
      { type: 'FLOW_STARTED', flow: 'pin-reset', actor: 'local', outcome: 'success' },
    ])
  })

  test('where the firewall does not take it nothing is stopped, and a second entry says so', async () => {
    const before = (await entries()).length
    world.stack.services.faults.post({
      service: 'wafv2',
      operation: 'UpdateRegexPatternSet',
      mode: 'fail-before',
      count: 1,
    })
    expect((await run('flow', 'stop', 'step-up')).code).toBe(1)
    expect(world.stack.services.stops.patterns().join()).not.toContain('step-up')
    expect((await entries()).slice(before)).toMatchObject([
      { type: 'FLOW_STOPPED', flow: 'step-up', outcome: 'success' },
      { type: 'FLOW_STOPPED', flow: 'step-up', outcome: 'failure', reason: 'firewall_refused' },
    ])
  })

  test('a flow that there is none of is a mistake, told with those that there are', async () => {
    const ran = await run('flow', 'stop', 'pin')
    expect(ran).toMatchObject({ code: 2, stdout: '' })
    expect(ran.stderr).toContain('Flows: password-email, password-email-basic')
  })
})

test('latchkey keys names each key, what is stored under it, and which makes new ones', async () => {
  const person = await world.identity()
  await world.post('/api/auth/forgot-password', { email: person.email }, { ip: newIp() })
  await world.idle()
  const db = await database()
  const old = { scheme: {}, mac: 'm', keyId: 'retired-key' }
  await db.updateOne('identities', { pk: `U#${person.userId}` }, 'SET history = :history', {
    values: { history: [old, old] },
  })
  await world.identity({ passwordHash: bcryptHash })
  const { keys, imported } = JSON.parse((await run('keys', '--json')).stdout) as {
    keys: { use: string; keyId: string; values: number; current: boolean }[]
    imported: unknown
  }
  expect(imported, 'what keeps the floor of sign-in where it is').toEqual({ hashes: 1, floorNeededMs: 200 })
  expect(keys.find(({ keyId }) => keyId === 'retired-key')).toEqual({
    use: 'credential',
    keyId: 'retired-key',
    values: 2,
    current: false,
  })
  const current = keys.filter((key) => key.current)
  expect(current.map(({ use }) => use)).toEqual([
    ...['credential', 'code', 'code-cover', 'code-derive', 'link', 'pseudonym', 'checkpoint'],
  ])
  expect(current.find(({ use }) => use === 'code')?.values).toBeGreaterThan(0)
  expect(current.find(({ use }) => use === 'checkpoint')?.values).toBeGreaterThan(0)
})

describe('latchkey dead-letters', () => {
  test('list tells what was given up, drop empties it', async () => {
    expect((await run('dead-letters', 'list')).stdout).toBe('There are none.\n')
    world.stack.services.faults.post({ service: 'ses', mode: 'fail-before', count: 1000 })
    const { email } = await world.identity()
    await world.post('/api/auth/forgot-password', { email }, { ip: newIp() })
    await world.idle()
    world.stack.services.faults.post({ service: 'ses', mode: 'slow', count: 0 })
    const listed = await run('dead-letters', 'list')
    expect(listed.stdout).toMatch(
      /^\S+Z {2}deliver +RetryAttemptsExhausted after [0-9]+ tries, records 1 from /,
    )
    expect(listed.stdout).toContain('latchkey redrive')
    expect(JSON.parse((await run('dead-letters', 'list', '--json')).stdout).deadLetters).toHaveLength(1)
    expect(await run('dead-letters', 'drop')).toMatchObject({ code: 0 })
    expect((await run('dead-letters', 'list')).stdout).toBe('There are none.\n')
  }, 60_000)
})
