/**
 * argon2id of the same secret, salt and parameters is computed once a process: tests sign in with one password over and over.
 * Not where tests run whole (ADR 0095), and not while `hashAnew`.
 */
import { createRequire } from 'node:module'
import { isWhole } from './whole.ts'

type HashRaw = (secret: Uint8Array, given: { readonly salt: Uint8Array }, ...rest: []) => Promise<Buffer>
type Remembering = HashRaw & { anew?: boolean }

// The copy that the product has; this is read once a file, and the files of a worker share it.
const argon2 = createRequire(import.meta.url)('@node-rs/argon2') as { hashRaw: Remembering }

/** From now on each hash costs what it costs, for tests that look at time. @returns what undoes it */
export function hashAnew(): () => void {
  argon2.hashRaw.anew = true
  return () => {
    argon2.hashRaw.anew = false
  }
}

if (argon2.hashRaw.anew === undefined && !isWhole) {
  const { hashRaw } = argon2
  const known = new Map<string, Promise<Buffer>>()
  const remembering: Remembering = async (secret, given) => {
    if (remembering.anew) return hashRaw(secret, given)
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
    const key = JSON.stringify({ ...given, salt: hex(given.salt), secret: hex(secret) })
    const digest = known.get(key) ?? hashRaw(secret, given)
    known.set(key, digest)
    // A copy: whoever gets it may overwrite it.
    return Buffer.from(await digest)
  }
  remembering.anew = false
  argon2.hashRaw = remembering
}
