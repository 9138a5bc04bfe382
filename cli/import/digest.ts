/** The hash of a whole file, however large. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'

const chunkBytes = 1024 * 1024

/** Of the whole content: an edit that keeps size and beginning is another content too. @returns SHA-256 in hex */
export function digestOf(file: string): string {
  const digest = createHash('sha256')
  const chunk = Buffer.allocUnsafe(chunkBytes)
  const descriptor = openSync(file, 'r')
  try {
    for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk))
      digest.update(chunk.subarray(0, read))
  } finally {
    closeSync(descriptor)
  }
  return digest.digest('hex')
}
