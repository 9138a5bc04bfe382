import { createPublicKey } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startClock } from '#local/clock.ts'
import { type Checkpoint, statementHash } from '#shared/ledger/checkpoint.ts'
import * as keys from '#shared/stores/checkpoint-key.ts'
import * as checkpoints from '#shared/stores/checkpoints.ts'
import * as appending from '#shared/stores/ledger-append.ts'
import * as archive from '#shared/stores/ledger-archive.ts'
import { sealLedger as seal } from '#shared/stores/ledger-seal.ts'
import * as moved from '#shared/stores/moved-heads.ts'
import { handToWitness, mailIsDue } from '#shared/stores/witness.ts'
import { verifyFolder } from '../../cli/verify-folder.ts'
import { handler } from '../../functions/workers/seal-ledger.ts'
import { copyBucket, objectNames } from './bucket-copy.ts'
import { linesOf, newKey, signCheckpoint, sorted, verify } from './forge.ts'
import { loginOf, startLedger } from './services.ts'

let world: Awaited<ReturnType<typeof startLedger>>
const fiveMinutes = 300
const clock = startClock()

beforeAll(async () => {
  world = await startLedger({ WITNESS_BUCKET: 'witness', WITNESS_EMAIL: 'witness@example.com' })
})
afterAll(async () => {
  await world.close()
  clock.close()
})
afterEach(() => {
  world.services.faults.post({ service: 's3', mode: 'slow', count: 0 })
})

let events = 0
/** Appends one entry to each of these users' chains. */
async function appendTo(...users: string[]): Promise<void> {
  for (const userId of users) {
    events += 1
    const event = loginOf(`${userId}@example.com`, { userId })
    const record = {
      pk: 'S#test',
      sk: `event-${events}`,
      createdAt: Date.now(),
      kind: 'event' as const,
      event,
    }
    await world.database.transact([world.database.put('outbox', record)])
    await appending.append(`identity/${userId}`, [{ row: record, person: { userId } }])
  }
}
const sealNow = async (options: { always?: boolean; leavesPerCheckpoint?: number } = {}) =>
  (await seal({ clock: Date.now, ...options })).map(({ checkpoint }) => checkpoint)
const stored = async (): Promise<Checkpoint[]> => {
  const found: Checkpoint[] = []
  for (
    let line = await checkpoints.readCheckpoint(1);
    line;
    line = await checkpoints.readCheckpoint(found.length + 1)
  )
    found.push(line)
  return found
}
async function verifyAll() {
  const entries = sorted((await world.database.scan('ledger')).items)
  const pem = await keys.publicKeyPem(process.env['KEY_CHECKPOINT'] ?? '')
  return verify({ entries: linesOf(entries), checkpoints: linesOf(await stored()) }, createPublicKey(pem))
}
const folder = mkdtempSync(join(tmpdir(), 'latchkey-bucket-'))
afterAll(() => rmSync(folder, { recursive: true }))
let copies = 0
/** By the bucket alone, as one who has lost the table. */
async function verifyBucket(names?: readonly string[]) {
  copies += 1
  const copy = join(folder, String(copies))
  await copyBucket(copy, names)
  const publicKey = join(folder, 'public-key.pem')
  writeFileSync(publicKey, await keys.publicKeyPem(process.env['KEY_CHECKPOINT'] ?? ''))
  return verifyFolder(copy, { publicKey })
}
const fault = (service: string, operation: string, mode: 'fail-before' | 'fail-after', skip = 0, count = 9) =>
  world.services.faults.post({ service, operation, mode, skip, count })
const clearFaults = (service: string) => world.services.faults.post({ service, mode: 'slow', count: 0 })

describe('sealing', () => {
  test('the first checkpoint is made at once, though nothing moved yet', async () => {
    const before = Date.now()
    const [first, ...more] = await sealNow()
    expect(first?.at).toBeGreaterThanOrEqual(before)
    expect(first).toMatchObject({ number: 1, count: 0, prevHash: '0'.repeat(64), leaves: [] })
    expect(more).toEqual([])
    expect(await sealNow()).toEqual([])
  })

  test('seals the heads that moved, once, and what is sealed verifies', async () => {
    await appendTo('u-1', 'u-2', 'u-1')
    clock.advance(fiveMinutes)
    const [made] = await sealNow()
    expect(made?.leaves.map(({ chain, seq }) => `${chain} ${seq}`)).toEqual([
      'identity/u-1 2',
      'identity/u-2 1',
    ])
    expect(await moved.readMovedHeads()).toEqual([])
    clock.advance(fiveMinutes)
    expect(await sealNow()).toEqual([])
    const counts = { entries: 3, checkpoints: 2, uncovered: 0 }
    expect([await verifyAll(), await verifyBucket()]).toMatchObject([counts, counts])
  })

  test('an empty hour is sealed too, so that silence is signed', async () => {
    const quiet = async () => (Date.now() - ((await stored()).at(-1)?.at ?? 0)) / 1000
    clock.advance(3600 - fiveMinutes - (await quiet()))
    expect(await sealNow()).toEqual([])
    clock.advance(fiveMinutes - 1)
    expect(await sealNow()).toMatchObject([{ count: 0 }])
  })

  test('checkpoints and the entries beside them are locked in compliance mode for the retention that was set', async () => {
    const client = new S3Client({})
    const Bucket = process.env['LEDGER_BUCKET']
    const made = await stored()
    const entries = await objectNames('entries/')
    expect(entries).toEqual([expect.stringMatching(/^entries\/0{11}2\/[0-9a-f]{64}\.ndjson$/)])
    for (const [Key, of] of [
      [checkpoints.objectKey(1), made[0]],
      [entries[0], made[1]],
    ] as const) {
      const locked = await client.send(new HeadObjectCommand({ Bucket, Key }))
      expect(locked.ObjectLockMode).toBe('COMPLIANCE')
      expect(locked.ObjectLockRetainUntilDate?.getTime()).toBe((of?.at ?? 0) + 30 * 86_400_000)
    }
  })

  test('what is above the cap follows in further checkpoints, the longest waiting first', async () => {
    await appendTo('u-5', 'u-4', 'u-3', 'u-2', 'u-1')
    clock.advance(fiveMinutes)
    const made = await sealNow({ leavesPerCheckpoint: 2 })
    expect(made.map((each) => each.leaves.map(({ chain }) => chain))).toEqual([
      ['identity/u-4', 'identity/u-5'],
      ['identity/u-2', 'identity/u-3'],
      ['identity/u-1'],
    ])
    expect(await verifyAll()).toMatchObject({ uncovered: 0 })
  })

  test('a run that ends above the cap leaves an export that verifies', async () => {
    await appendTo('u-5', 'u-4', 'u-3', 'u-2', 'u-1')
    clock.advance(fiveMinutes)
    // Two objects a checkpoint: its entries, and itself.
    fault('s3', 'PutObject', 'fail-before', 4)
    await expect(sealNow({ leavesPerCheckpoint: 1 })).rejects.toThrow('PutObject')
    expect(await verifyAll()).toMatchObject({ uncovered: 3 })
    clearFaults('s3')
    await sealNow()
    expect(await verifyAll()).toMatchObject({ uncovered: 0 })
  })
})

describe('sealers that fail', () => {
  const cases = [
    ['before signing', 'kms', 'Sign', 'fail-before', 0],
    ['having signed', 'kms', 'Sign', 'fail-after', 0],
    ['before keeping the entries', 's3', 'PutObject', 'fail-before', 0],
    ['having kept the entries', 's3', 'PutObject', 'fail-after', 0],
    ['before storing', 's3', 'PutObject', 'fail-before', 1],
    ['having stored', 's3', 'PutObject', 'fail-after', 1],
    ['before moving the pointer', 'dynamodb', 'UpdateItem', 'fail-before', 0],
    ['having moved the pointer', 'dynamodb', 'UpdateItem', 'fail-after', 0],
    ['before noting what is sealed', 'dynamodb', 'UpdateItem', 'fail-before', 1],
    ['having noted it', 'dynamodb', 'UpdateItem', 'fail-after', 1],
    ['before clearing', 'dynamodb', 'DeleteItem', 'fail-before', 0],
    ['having cleared a part', 'dynamodb', 'DeleteItem', 'fail-before', 1],
  ] as const

  test.each(cases)(
    '%s leave a log that the next one goes on with',
    async (name, service, operation, mode, skip) => {
      const users = ['u-a', 'u-b', 'u-c'].map((user) => `${user}-${name.replaceAll(' ', '-')}`)
      await appendTo(...users)
      // Old enough to be cleared, but for one that is only noted.
      clock.advance(3 * fiveMinutes)
      await appendTo(`${users[0]}-young`)
      fault(service, operation, mode, skip)
      await sealNow().catch(() => undefined)
      clearFaults(service)
      clock.advance(fiveMinutes)
      await appendTo('u-a-later')
      await sealNow()
      expect(await moved.readMovedHeads()).toEqual([])
      expect(await verifyAll()).toMatchObject({ uncovered: 0 })
      const pointer = await checkpoints.readPointer()
      expect(pointer?.number).toBe((await stored()).length)
    },
  )

  test('have kept all that their checkpoints seal, whatever failed', async () => {
    expect(await verifyBucket()).toEqual(await verifyAll())
  })

  test('a checkpoint that was stored by one who died is taken over with what it sealed', async () => {
    await appendTo('u-x')
    clock.advance(fiveMinutes)
    fault('dynamodb', 'UpdateItem', 'fail-before')
    await sealNow().catch(() => undefined)
    clearFaults('dynamodb')
    const left = (await stored()).length
    clock.advance(fiveMinutes)
    expect((await sealNow()).map(({ number }) => number)).toEqual([left])
    expect(await moved.readMovedHeads()).toEqual([])
  })

  test('a pointer that was set back forks nothing', async () => {
    const [first] = await stored()
    if (!first) throw new Error('no checkpoint')
    const pointer = { pk: 'checkpoint', sk: 'latest', number: 1, at: first.at, hash: statementHash(first) }
    await world.database.transact([world.database.put('seal', pointer)])
    await appendTo('u-y')
    clock.advance(fiveMinutes)
    await sealNow()
    expect(await verifyAll()).toMatchObject({ uncovered: 0 })
    expect((await checkpoints.readPointer())?.number).toBe((await stored()).length)
  })

  test('a checkpoint of another key is not built upon', async () => {
    const pointer = await checkpoints.readPointer()
    if (!pointer) throw new Error('no pointer')
    const place = { number: pointer.number + 1, at: Date.now(), prevHash: pointer.hash, leaves: [] }
    const keyId = process.env['KEY_CHECKPOINT'] ?? ''
    const forged = { ...signCheckpoint(place, newKey()), keyId }
    const object = { Bucket: process.env['LEDGER_BUCKET'], Key: checkpoints.objectKey(place.number) }
    const client = new S3Client({})
    await client.send(new PutObjectCommand({ ...object, Body: linesOf([forged])[0] ?? '' }))
    await expect(sealNow({ always: true })).rejects.toThrow('does not follow')
    await client.send(new DeleteObjectCommand(object))
  })
})

describe('sealers at the same time', () => {
  test('make one log: each number once, no leaf behind an earlier one, nothing left', async () => {
    const users = Array.from({ length: 12 }, (_, n) => `u-many-${n}`)
    await appendTo(...users)
    for (let round = 0; round < 3; round += 1) {
      clock.advance(fiveMinutes)
      await Promise.all([
        sealNow({ leavesPerCheckpoint: 5 }),
        sealNow({ leavesPerCheckpoint: 4 }),
        sealNow(),
        appendTo(...users.slice(0, 6)),
        appendTo(...users.slice(6)),
      ])
    }
    clock.advance(fiveMinutes)
    await sealNow()
    expect(await moved.readMovedHeads()).toEqual([])
    expect(await verifyAll()).toMatchObject({ uncovered: 0 })
    expect(await verifyBucket()).toEqual(await verifyAll())
  })
})

describe('the archive', () => {
  test('has all of a chain that is longer than a page, and of a chain that had been forgotten by the sealer', async () => {
    await appendTo(...Array.from({ length: 30 }, () => 'u-busy'), 'u-calm')
    clock.advance(fiveMinutes)
    await sealNow()
    // Long enough for the marks to go: what is sealed of the chains is then known by the time of their next mark alone.
    clock.advance(3 * fiveMinutes)
    await sealNow({ always: true })
    expect(await moved.readMarkedChains()).toEqual([])
    clock.advance(86_400)
    await appendTo('u-busy', 'u-calm', 'u-busy')
    clock.advance(fiveMinutes)
    const [made] = await sealNow()
    expect(await verifyBucket()).toEqual(await verifyAll())
    const [name = ''] = await objectNames(`entries/${checkpoints.paddedNumber(made?.number ?? 0)}/`)
    const { Body } = await new S3Client({}).send(
      new GetObjectCommand({ Bucket: process.env['LEDGER_BUCKET'], Key: name }),
    )
    expect((await Body?.transformToString())?.match(/\n/g)).toHaveLength(3)
  })

  test('parts what a checkpoint seals into objects of some megabytes, the same ones when it is done again', async () => {
    const chains = ['u-part-1', 'u-part-2', 'u-part-3']
    await appendTo(...chains, ...chains)
    const marked = await moved.readMarkedChains()
    const due = { number: 999_999, at: Date.now(), leaves: moved.movedIn(marked) }
    const partsOf = () => objectNames('entries/000000999999/')
    await archive.archiveLeaves(due, marked, 1200)
    const parts = await partsOf()
    expect(parts.length).toBeGreaterThan(1)
    await archive.archiveLeaves(due, marked, 1200)
    expect(await partsOf()).toEqual(parts)
    await sealNow()
  })

  test('is made good from the table, run by run, where a version before kept no entries', async () => {
    const names = await objectNames()
    const bare = names.filter((name) => name.startsWith('checkpoints/'))
    await expect(verifyBucket(bare)).rejects.toThrow('entries.ndjson is empty')
    let runs = 0
    let entries = 0
    for (let after: archive.Archived['after']; runs === 0 || after !== undefined; runs += 1) {
      const archived = await handler({ archive: after ? { after } : {} })
      if (!('entries' in archived)) throw new Error('a checkpoint was made')
      entries += archived.entries
      after = archived.after
    }
    const all = await verifyAll()
    expect(entries).toBe(all.entries)
    const whole = await objectNames('entries/000000000000/')
    expect(await verifyBucket([...bare, ...whole])).toEqual(all)
    expect(await verifyBucket()).toEqual(all)
    // One page of the table a run, where its time is over at once.
    const first = await archive.archiveTable(undefined, Date.now, 0)
    expect(first.after).toBeDefined()
    expect(await archive.archiveTable(first.after, Date.now, 0)).toEqual({ entries: 0 })
  })
})

describe('witnesses', () => {
  test('are handed the signed line: the bucket each one, the mailbox the first of each hour', async () => {
    await appendTo('u-w')
    await handler()
    const newest = (await stored()).at(-1)
    const Key = checkpoints.objectKey(newest?.number ?? 0)
    const object = await new S3Client({}).send(new GetObjectCommand({ Bucket: 'witness', Key }))
    const { leaves: _leaves, ...signed } = newest ?? { leaves: [] }
    expect(await object.Body?.transformToString()).toBe(`${linesOf([signed])[0]}\n`)
    expect([mailIsDue(3_600_000, 3_599_999), mailIsDue(3_600_001, 3_600_000)]).toEqual([true, false])
  })

  test('get one when the worker is asked for a checkpoint though nothing moved', async () => {
    const before = (await stored()).length
    await handler()
    expect(await stored()).toHaveLength(before)
    await handler({ always: true })
    expect((await stored()).slice(before)).toMatchObject([{ count: 0 }])
  })

  test('that cannot be reached hold up no checkpoint', async () => {
    fault('ses', 'SendEmail', 'fail-before')
    const newest = (await stored()).at(-1)
    if (!newest) throw new Error('no checkpoint')
    expect(await handToWitness(newest, 0)).toMatchObject([{ name: 'Unavailable' }])
    clearFaults('ses')
    expect(await handToWitness(newest, 0)).toEqual([])
    expect(world.services.inbox.messages('witness@example.com').at(-1)?.text).toContain(newest.signature)
  })
})
