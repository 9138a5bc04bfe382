/** G5: sends per subject and per address hold in every sliding hour, exactly, under concurrency. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { flowOf } from '#shared/contract/flows.ts'
import { entriesOf } from '#test/support/entries.ts'
import { atOnce, codeOf, tally } from '#test/support/race.ts'
import {
  askCode,
  passwordEmail,
  passwordEmailBasic,
  pinReset,
  type RecoveryFlow,
} from '#test/support/recovery.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sized } from '#test/support/whole.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorld()

/** Flows whose request looks nobody up. */
const askedFlows = [passwordEmail, passwordEmailBasic, pinReset]
const ask = (flow: RecoveryFlow, person: TestIdentity, ip: string) =>
  world.post(flow.request, flow.typed(person), { ip })

let named = 0
/** Whoever this is, nobody is registered under it. */
function nobody(): TestIdentity {
  named += 1
  const phone = `+20109${String(1_000_000 + named)}`
  return {
    userId: `u-ghost-${named}`,
    email: `ghost-${named}@example.net`,
    username: `ghost-${named}`,
    phone,
    password: '',
  }
}

describe.each(askedFlows)('$id', (flow) => {
  const { codesPerIpHour, codesPerSubjectHour } = flowOf(flow.id)

  test.each([
    ['known', true],
    ['unknown', false],
  ])('requests at once for one %s subject: exactly one is accepted', async (_, known) => {
    const person = known ? await world.identity() : nobody()
    const ip = newIp()
    const requests = sized(12, 100)
    const replies = await atOnce(requests, () => ask(flow, person, ip))
    expect(tally(replies)).toEqual({ OK: 1, RESEND_TOO_SOON: requests - 1 })
    await world.idle()
    expect(world.messages(person[flow.channel])).toHaveLength(known ? 1 : 0)
    if (!known) return
    const entries = await entriesOf(world, person.userId)
    const kinds = entries.map(({ type }) => type)
    expect(kinds.filter((type) => type === 'CODE_REQUESTED')).toHaveLength(1)
    expect(kinds.filter((type) => type === 'CODE_SENT')).toHaveLength(1)
    expect(kinds.filter((type) => type === 'LIMIT_REACHED')).toHaveLength(1)
  })

  test('requests at once from one address over as many subjects: exactly the budget is accepted', async () => {
    const ip = newIp()
    const requests = codesPerIpHour + sized(5, 50)
    const replies = await atOnce(requests, () => ask(flow, nobody(), ip))
    expect(tally(replies)).toEqual({ OK: codesPerIpHour, RATE_LIMITED: requests - codesPerIpHour })
    const refused = replies.find(({ status }) => status === 429)
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(3500)
    // Every address of the same /64 is the same one.
    const neighbour = ip.replace('::1', ':1:2:3:4')
    expect(codeOf(await ask(flow, nobody(), neighbour))).toBe('RATE_LIMITED')
  })

  test('after the budget of the hour no code is accepted until the oldest is an hour old, to the second', async () => {
    const person = await world.identity()
    for (let sent = 0; sent < codesPerSubjectHour; sent += 1) {
      expect(codeOf(await ask(flow, person, newIp()))).toBe('OK')
      await world.pass(60)
    }
    const refused = await ask(flow, person, newIp())
    expect(codeOf(refused)).toBe('RATE_LIMITED')
    const wait = refused.body.error.retryAfterSeconds
    expect(wait).toBeLessThanOrEqual(3600 - 60 * codesPerSubjectHour)
    await world.pass(wait - 30)
    expect(codeOf(await ask(flow, person, newIp()))).toBe('RATE_LIMITED')
    await world.pass(30)
    expect(codeOf(await ask(flow, person, newIp()))).toBe('OK')
    // One place became free, not all of them.
    await world.pass(1)
    expect(codeOf(await ask(flow, person, newIp()))).toBe('RESEND_TOO_SOON')
    await world.idle()
    expect(world.messages(person[flow.channel])).toHaveLength(codesPerSubjectHour + 1)
  })
})

test('in no sliding hour more are accepted than the budget, whatever the pauses and however many at once', async () => {
  const { codesPerSubjectHour, cooldownSeconds } = flowOf('password-email-basic')
  const step = fc.record({ pause: fc.integer({ min: 0, max: 1500 }), atOnce: fc.integer({ min: 1, max: 6 }) })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 14 }), async (steps) => {
      const person = nobody()
      const accepted: number[] = []
      for (const { pause, atOnce: count } of steps) {
        await world.pass(pause)
        const ip = newIp()
        const from = Date.now()
        const replies = await atOnce(count, () => ask(passwordEmailBasic, person, ip))
        for (const reply of replies) if (reply.status === 200) accepted.push(from)
      }
      for (const [index, at] of accepted.entries()) {
        const next = accepted[index + 1]
        if (next !== undefined) expect(next - at).toBeGreaterThan(cooldownSeconds * 1000 - 2000)
        const beyond = accepted[index + codesPerSubjectHour]
        if (beyond !== undefined) expect(beyond - at).toBeGreaterThan(3_600_000 - 2000)
      }
    }),
    { numRuns: sized(2, 5) },
  )
})

test('typing another alias gains nothing: all codes of an identity together stay within the budget of the hour', async () => {
  const person = await world.identity()
  const { codesPerSubjectHour } = flowOf('pin-reset')
  const replies: string[] = []
  for (let round = 0; round < 4; round += 1) {
    for (const alias of [{ phone: person.phone }, { userId: person.userId }]) {
      replies.push(codeOf(await world.post(pinReset.request, alias, { ip: newIp() })))
    }
    await world.pass(61)
  }
  expect(replies).toEqual(Array.from({ length: 8 }, () => 'OK'))
  await world.idle()
  expect(world.messages(person.phone)).toHaveLength(codesPerSubjectHour)
  const entries = await entriesOf(world, person.userId)
  const unsent = entries.filter(({ type }) => type === 'CODE_NOT_SENT')
  expect(unsent.map(({ reason }) => reason)).toEqual(Array.from({ length: 3 }, () => 'codes-per-identity'))
})

test('a refused request uses up no budget', async () => {
  const person = await world.identity()
  const ip = newIp()
  await askCode(world, passwordEmail, person)
  await atOnce(sized(8, 30), () => ask(passwordEmail, person, ip))
  await world.pass(61)
  const { codesPerIpHour } = flowOf('password-email')
  const replies = await atOnce(codesPerIpHour, () => ask(passwordEmail, nobody(), ip))
  expect(tally(replies)).toEqual({ OK: codesPerIpHour })
})
