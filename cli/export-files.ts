/** The files of an export, by name, and what is read from them before verifying. */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { basename, join } from 'node:path'
import type { SignedStatement } from '#shared/ledger/checkpoint.ts'
import { Tampered, Unusable } from '#shared/ledger/findings.ts'
import { parseStatement } from '#shared/ledger/lines.ts'
import { readBytes, readLines } from './line-files.ts'

export const exportFiles = (folder: string) => ({
  entries: join(folder, 'entries.ndjson'),
  checkpoints: join(folder, 'checkpoints.ndjson'),
  publicKey: join(folder, 'public-key.pem'),
})

const block = /-----BEGIN PUBLIC KEY-----([^-]+)-----END PUBLIC KEY-----/g
/** SubjectPublicKeyInfo of a key on P-256 up to its point, which must be uncompressed: each key has one form. */
const prefix = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex')
const keyBytes = 91

function keyOf(base64: string, where: string): KeyObject {
  const key = Buffer.from(base64, 'base64')
  if (key.length !== keyBytes || !key.subarray(0, prefix.length).equals(prefix))
    throw new Unusable(`${where} holds a key that is not a point on the curve P-256, uncompressed`)
  try {
    return createPublicKey({ key, format: 'der', type: 'spki' })
  } catch {
    throw new Unusable(`${where} holds something that is no public key`)
  }
}

/** One key, or several one after the other, where a key was replaced. @throws Unusable */
export function keysIn(pem: string, where: string): KeyObject[] {
  const keys = [...pem.matchAll(block)].map(([, base64 = '']) => keyOf(base64, where))
  if (keys.length === 0) throw new Unusable(`${where} holds no public key in PEM`)
  return keys
}

/** @throws Unusable */
export const readKeys = (path: string): KeyObject[] => keysIn(readBytes(path).toString(), path)

/**
 * The keys that came with an export, where nothing else may stand beside them.
 * @throws Unusable, Tampered
 */
export function readOwnKeys(path: string): KeyObject[] {
  const text = readBytes(path).toString()
  const keys = keysIn(text, path)
  const written = new Set(keys.map((key) => key.export({ format: 'pem', type: 'spki' }).toString()))
  if ([...written].join('') !== text)
    throw new Tampered(basename(path), 'it holds more than public keys, or one of them twice')
  return keys
}

/** Lines of checkpoints that were kept outside, with or without their leaves. @throws Unusable, Tampered */
export function readWitnessed(path: string): SignedStatement[] {
  const kept = [...readLines(path)].map((line, place) => parseStatement(line, `${path} line ${place + 1}`))
  if (kept.length === 0) throw new Unusable(`${path} is empty`)
  return kept
}
