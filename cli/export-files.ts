/** The files of an export, by name, and what is read from them before verifying. */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SignedStatement } from '#shared/ledger/checkpoint.ts'
import { Unusable } from '#shared/ledger/findings.ts'
import { parseStatement } from '#shared/ledger/lines.ts'
import { readLines } from './line-files.ts'

export const exportFiles = (folder: string) => ({
  entries: join(folder, 'entries.ndjson'),
  checkpoints: join(folder, 'checkpoints.ndjson'),
  publicKey: join(folder, 'public-key.pem'),
})

const block = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g

/** @throws Unusable when a block is no P-256 public key */
export function keysIn(pem: string, where: string): KeyObject[] {
  const keys = (pem.match(block) ?? []).map((text) => {
    try {
      return createPublicKey(text)
    } catch {
      throw new Unusable(`${where} holds something that is no public key`)
    }
  })
  if (keys.length === 0) throw new Unusable(`${where} holds no public key in PEM`)
  if (keys.some((key) => key.asymmetricKeyDetails?.namedCurve !== 'prime256v1'))
    throw new Unusable(`${where} holds a key that is not on the curve P-256`)
  return keys
}

/** One key, or several one after the other, where a key was replaced. @throws Unusable */
export const readKeys = (path: string): KeyObject[] => keysIn(readFileSync(path, 'utf8'), path)

/** Lines of checkpoints that were kept outside, with or without their leaves. @throws Unusable, Tampered */
export function readWitnessed(path: string): SignedStatement[] {
  const kept = [...readLines(path)].map((line, place) => parseStatement(line, `${path} line ${place + 1}`))
  if (kept.length === 0) throw new Unusable(`${path} is empty`)
  return kept
}
