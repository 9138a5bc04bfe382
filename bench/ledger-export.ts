/** Exports of any size, as recoveries leave them in a ledger. */
import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonical } from '#shared/ledger/canonical.ts'
import { identityChain } from '#shared/ledger/chains.ts'
import {
  byChain,
  type Checkpoint,
  type Leaf,
  rootOf,
  signedText,
  statementHash,
} from '#shared/ledger/checkpoint.ts'
import { type Draft, type Entry, emptyHead, noHash, placeEntry } from '#shared/ledger/entry.ts'
import { policy } from '#shared/policy.ts'
import { LineWriter } from '../cli/line-files.ts'

export interface ExportSize {
  readonly checkpoints: number
  /** Each leaves five entries in a chain of its own. */
  readonly recoveriesPerCheckpoint: number
}

const startAt = Date.UTC(2026, 0, 1)
const intervalMs = policy.checkpointIntervalSeconds * 1000

/** What one recovery leaves in the ledger. */
const types = ['CODE_REQUESTED', 'CODE_SENT', 'CODE_VERIFIED', 'PASSWORD_RESET', 'LOGIN'] as const

function draftOf(userId: string, step: number, time: number): Draft {
  const requestId = `${userId}-${step}-5b1f9f0e-7c1d-4b7c-9f57-1d2c3b4a5e6f`
  return {
    id: `${requestId}#0`,
    type: types[step] ?? 'LOGIN',
    time,
    actor: step === 1 ? 'system' : 'subject',
    userId,
    flow: 'password-email',
    outcome: 'success',
    factors: [{ group: 'POSSESSION', method: 'email-otp' }],
    otpVerified: step > 1,
    userAgent:
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
    requestId,
    policyVersion: policy.policyVersion,
  }
}

/** The chain of one person's recovery. */
function chainOf(userId: string, from: number): Entry[] {
  const entries: Entry[] = []
  for (const step of types.keys()) {
    const time = from + step * 1000
    entries.push(
      placeEntry(draftOf(userId, step, time), identityChain(userId), entries.at(-1) ?? emptyHead, time + 300),
    )
  }
  return entries
}

function sealed(
  part: Pick<Checkpoint, 'number' | 'at' | 'prevHash'>,
  leaves: Leaf[],
  key: KeyObject,
): Checkpoint {
  const sorted = leaves.toSorted(byChain)
  const statement = { ...part, count: sorted.length, root: rootOf(sorted), keyId: 'bench' }
  const signature = sign('sha256', Buffer.from(signedText(statement)), key).toString('base64')
  return { ...statement, signature, leaves: sorted }
}

/** @returns how many entries and leaves the export has */
export function writeExport(folder: string, { checkpoints, recoveriesPerCheckpoint }: ExportSize) {
  const key = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey
  const [entries, seals] = ['entries.ndjson', 'checkpoints.ndjson'].map(
    (name) => new LineWriter(join(folder, name)),
  )
  let prevHash: string = noHash
  let written = 0
  for (let number = 1; number <= checkpoints; number += 1) {
    const from = startAt + (number - 1) * intervalMs
    const leaves: Leaf[] = []
    for (let person = 0; person < recoveriesPerCheckpoint; person += 1) {
      // Names ascend, so that chains are written in the order of an export.
      const chain = chainOf(`u-${String(number * 1e6 + person).padStart(12, '0')}`, from)
      for (const entry of chain) entries?.write(canonical(entry))
      written += chain.length
      const head = chain.at(-1)
      if (head) leaves.push({ chain: head.chain, seq: head.seq, hash: head.hash })
    }
    const checkpoint = sealed({ number, at: from + intervalMs, prevHash }, leaves, key)
    seals?.write(canonical(checkpoint))
    prevHash = statementHash(checkpoint)
  }
  entries?.close()
  seals?.close()
  writeFileSync(join(folder, 'public-key.pem'), createPublicKey(key).export({ type: 'spki', format: 'pem' }))
  return { entries: written, leaves: checkpoints * recoveriesPerCheckpoint }
}
