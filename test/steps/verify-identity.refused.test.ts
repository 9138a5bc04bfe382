/** Pairs that do not match, and the limits on trying them; the same on both routes. */
import { describe, expect, test } from 'vitest'
import { linesOf } from '#test/support/entries.ts'
import { recordMismatchesFrom } from '#test/support/full-registers.ts'
import {
  mismatchSentence,
  pairOf,
  presentPair,
  requestForPairPath,
  strangeName,
  strangePhone,
  verifyIdentityPath,
} from '#test/support/pairs.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sampleOf, sized } from '#test/support/whole.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const paths = [verifyIdentityPath, requestForPairPath]

/** One way through the code for both: one of them a day, both in `npm run prove -- whole-tests`. */
describe.each(sampleOf(paths, 1))('%s', (path) => {
  const mismatch = (pair: { identifier: string; phone: string }, ip?: string) =>
    presentPair(world, path, pair, ip)

  test('wrong phone, wrong identifier and unknown identifier are one answer', async () => {
    const [person, other] = [await world.identity(), await world.identity()]
    const replies = [
      await mismatch({ identifier: person.username, phone: strangePhone() }),
      await mismatch({ identifier: person.username, phone: other.phone }),
      await mismatch({ identifier: person.email, phone: other.phone }),
      await mismatch({ identifier: strangeName(), phone: person.phone }),
      await mismatch({ identifier: strangeName(), phone: strangePhone() }),
    ]
    for (const { status, body, headers } of replies) {
      expect(status).toBe(401)
      expect(body).toEqual({
        success: false,
        error: { code: 'CREDENTIALS_INVALID', message: mismatchSentence },
        requestId: headers.get('x-request-id'),
      })
    }
  })

  test('a suspended identity matches nothing', async () => {
    const person = await world.identity({ status: 'suspended' })
    const reply = await mismatch(pairOf(person))
    expect([reply.status, reply.body.error.code]).toEqual([401, 'CREDENTIALS_INVALID'])
    expect(world.messages(person.phone)).toEqual([])
  })

  test('known and unknown identifiers cost the same calls', async () => {
    const person = await world.identity()
    const callsOf = async (pair: { identifier: string; phone: string }) => {
      const reply = await mismatch(pair)
      const found = await world.get<object[]>(`/_local/calls?requestId=${reply.headers.get('x-request-id')}`)
      return found.body
    }
    const known = await callsOf({ identifier: person.username, phone: strangePhone() })
    expect(known).not.toEqual([])
    expect(await callsOf({ identifier: strangeName(), phone: strangePhone() })).toEqual(known)
  })

  test('after five mismatches of an identifier the right pair is refused too, for an hour', async () => {
    const person = await world.identity()
    for (let tried = 0; tried < 5; tried += 1)
      expect((await mismatch({ ...pairOf(person), phone: strangePhone() })).status).toBe(401)
    for (const each of paths) {
      const refused = await presentPair(world, each, pairOf(person))
      expect([refused.status, refused.body.error.code]).toEqual([429, 'RATE_LIMITED'])
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3500)
    }
    const byEmail = { identifier: person.email, phone: person.phone }
    expect((await mismatch(byEmail)).status).toBe(200)
    const type = path === verifyIdentityPath ? 'IDENTITY_VERIFIED' : 'CODE_REQUESTED'
    const lines = await linesOf(world, person.userId)
    expect(lines.filter((line) => line === `${type} failure pair_mismatch`)).toHaveLength(5)
    expect(lines.filter((line) => line === 'LIMIT_REACHED failure pair-per-identifier')).toHaveLength(1)
    await world.pass(3600)
    expect((await mismatch(pairOf(person))).status).toBe(200)
  })

  test('after five mismatches of a phone the right pair is refused too, for an hour', async () => {
    const person = await world.identity()
    for (let tried = 0; tried < 5; tried += 1)
      expect((await mismatch({ ...pairOf(person), identifier: strangeName() })).status).toBe(401)
    const refused = await mismatch(pairOf(person))
    expect([refused.status, refused.body.error.code]).toEqual([429, 'RATE_LIMITED'])
    expect(await linesOf(world, person.userId)).toEqual(['LIMIT_REACHED failure pair-per-phone'])
    await world.pass(Number(refused.headers.get('retry-after')))
    expect((await mismatch(pairOf(person))).status).toBe(200)
  })

  test('after ten mismatches from an address nobody is told there whether a pair matches', async () => {
    const person = await world.identity()
    const ip = newIp()
    // What of the ten is not tried here is recorded: whole, all are tried.
    const tries = sized(2, 10)
    await recordMismatchesFrom(ip, 10 - tries)
    for (let tried = 0; tried < tries; tried += 1)
      expect((await mismatch({ identifier: strangeName(), phone: strangePhone() }, ip)).status).toBe(401)
    const answers = [
      await mismatch(pairOf(person), ip),
      await mismatch({ identifier: strangeName(), phone: strangePhone() }, ip.replace(/::1$/, '::2')),
    ]
    for (const { status, body } of answers) expect([status, body.error.code]).toEqual([429, 'RATE_LIMITED'])
    expect((await mismatch(pairOf(person))).status).toBe(200)
  })

  test('matches are not counted', async () => {
    const person = await world.identity()
    for (let tried = 0; tried < 4; tried += 1) await mismatch({ ...pairOf(person), phone: strangePhone() })
    expect((await mismatch(pairOf(person))).status).toBe(200)
    expect((await mismatch({ ...pairOf(person), phone: strangePhone() })).status).toBe(401)
    expect((await mismatch(pairOf(person))).status).toBe(429)
  })
})

test('of twelve wrong pairs at once for one identifier five are answered', async () => {
  const person = await world.identity()
  const ip = newIp()
  const replies = await Promise.all(
    Array.from({ length: 12 }, (_, turn) =>
      presentPair(world, paths[turn % 2] ?? '', { ...pairOf(person), phone: strangePhone() }, ip),
    ),
  )
  const statuses = replies.map(({ status }) => status).toSorted()
  expect(statuses).toEqual([...Array(5).fill(401), ...Array(7).fill(429)])
  const lines = await linesOf(world, person.userId)
  expect(lines.filter((line) => line.endsWith('pair_mismatch'))).toHaveLength(5)
  expect(lines.filter((line) => line.startsWith('LIMIT_REACHED'))).toHaveLength(1)
})

const strangers = sized(6, 20)

test(`${strangers} unknown pairs, each from its own address, leave a known pair open`, async () => {
  const person = await world.identity()
  for (let tried = 0; tried < strangers; tried += 1)
    await presentPair(world, verifyIdentityPath, { identifier: strangeName(), phone: strangePhone() })
  expect((await presentPair(world, verifyIdentityPath, pairOf(person))).status).toBe(200)
})
