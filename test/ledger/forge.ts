/** Ledgers made in memory: what an appender and a sealer would leave, and what a forger could make of it. */
import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { EventType } from '#shared/events.ts'
import { canonical } from '#shared/ledger/canonical.ts'
import { byChain, type Checkpoint, rootOf, signedText, statementHash } from '#shared/ledger/checkpoint.ts'
import { type Draft, type Entry, emptyHead, noHash, placeEntry } from '#shared/ledger/entry.ts'
import { type Export, verifyExport } from '#shared/ledger/verify.ts'

export interface Ledger {
  entries: Entry[]
  checkpoints: Checkpoint[]
  publicKey: KeyObject
}

export const newKey = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey

export const publicKeyOf = (key: KeyObject) => createPublicKey(key)

export const draft = (id: string, time: number, type: EventType = 'LOGIN'): Draft => ({
  id,
  type,
  time,
  actor: 'subject',
  userId: 'u-1',
  outcome: 'success',
  requestId: `request-${id}`,
  policyVersion: 'test',
  factors: [{ group: 'KNOWLEDGE', method: 'password' }],
  device: { model: 'Pixel', os: 'Android' },
  userAgent: 'Agent/1.0 "quoted" – ünïcode',
})

/** Signs `statement` and its leaves with any key. */
export function signCheckpoint(
  part: Pick<Checkpoint, 'number' | 'at' | 'prevHash' | 'leaves'>,
  key: KeyObject,
  keyId = 'key-1',
): Checkpoint {
  const { number, at, prevHash } = part
  const leaves = part.leaves.toSorted(byChain)
  const statement = { number, at, count: leaves.length, root: rootOf(leaves), prevHash, keyId }
  const signature = sign('sha256', Buffer.from(signedText(statement)), key).toString('base64')
  return { ...statement, signature, leaves }
}

export interface Round {
  /** How many entries each chain gets before the checkpoint. */
  readonly appended: Readonly<Record<string, number>>
}

const startAt = 1_763_000_000_000
const roundMs = 300_000

/** Each round appends to chains, then seals those that moved; entries of `tail` come after the last checkpoint. */
export function makeLedger(
  rounds: readonly Round[],
  tail: Round['appended'] = {},
  key: KeyObject = newKey(),
): Ledger {
  const entries: Entry[] = []
  const checkpoints: Checkpoint[] = []
  const heads = new Map<string, Entry>()
  let time = startAt
  const grow = (appended: Round['appended']) => {
    for (const [chain, count] of Object.entries(appended))
      for (let added = 0; added < count; added += 1) {
        time += 10
        const head = heads.get(chain) ?? emptyHead
        const entry = placeEntry(draft(`${chain}-${head.seq + 1}`, time - 5), chain, head, time)
        heads.set(chain, entry)
        entries.push(entry)
      }
  }
  for (const [place, { appended }] of rounds.entries()) {
    grow(appended)
    const leaves = Object.keys(appended).flatMap((chain) => {
      const head = heads.get(chain)
      return head ? [{ chain, seq: head.seq, hash: head.hash }] : []
    })
    const before = checkpoints.at(-1)
    const at = startAt + (place + 1) * roundMs
    const prevHash = before ? statementHash(before) : noHash
    checkpoints.push(signCheckpoint({ number: place + 1, at, prevHash, leaves }, key))
    time = at
  }
  grow(tail)
  return { entries: sorted(entries), checkpoints, publicKey: publicKeyOf(key) }
}

export const sorted = (entries: readonly Entry[]): Entry[] =>
  entries.toSorted((a, b) => byChain(a, b) || a.seq - b.seq)

/** Gives entries of one chain new seqs, links and hashes, as a forger with the code would. */
export function relink(entries: readonly Entry[], chain: string): Entry[] {
  const made: Entry[] = []
  for (const entry of entries) {
    const { chain: _chain, seq: _seq, prevHash: _prev, hash: _hash, writtenAt, ...rest } = entry
    made.push(placeEntry(rest, chain, made.at(-1) ?? emptyHead, writtenAt))
  }
  return made
}

export const linesOf = (items: readonly object[]) => items.map((item) => canonical(item))

/** Checks an export in memory. */
export function verifyLines(input: Export) {
  const kept: string[] = []
  const sorter = { add: (line: string) => void kept.push(line), sorted: () => kept.sort() }
  return verifyExport(input, sorter)
}

/** Lines as an export holds them, checked in memory. */
export const verify = (
  lines: { entries: readonly string[]; checkpoints: readonly string[] },
  publicKey: KeyObject,
  witnessed: readonly Checkpoint[] = [],
) => verifyLines({ ...lines, keys: [publicKey], ownKeys: [publicKey], witnessed })

export const verifyLedger = (ledger: Ledger, witnessed: readonly Checkpoint[] = []) =>
  verify(
    { entries: linesOf(ledger.entries), checkpoints: linesOf(ledger.checkpoints) },
    ledger.publicKey,
    witnessed,
  )

/** A ledger of four chains and four checkpoints, one of them empty, and two entries that none covers. */
export const sampleLedger = (key?: KeyObject) =>
  makeLedger(
    [
      { appended: { 'identity/u-1': 3, 'identity/u-2': 2, 'unknown/03': 1 } },
      { appended: { 'identity/u-1': 2 } },
      { appended: {} },
      { appended: { 'identity/u-2': 1, 'identity/u-3': 4 } },
    ],
    { 'identity/u-1': 1, 'identity/u-4': 1 },
    key,
  )
