/**
 * In a test's own world a hash by the policy is argon2id of the least memory: the real one is 12 ms of a processor, and a run of all tests has
 * thousands. What is handed to the library is the policy's cost all the same, or it is not quickened, and what is stored says so. The real
 * one is in every test without `useWorld`, in every proof, and in all tests where they run whole (ADR 0096).
 */
import { createRequire } from 'node:module'
import { seedPasswordHash } from '#local/seed.ts'
import { policy } from '#shared/policy.ts'
import { thisSample } from './whole.ts'

interface Options {
  readonly algorithm: number
  readonly memoryCost: number
  readonly timeCost: number
  readonly parallelism: number
  readonly salt: Buffer
}
type HashRaw = (secret: Buffer, options: Options) => Promise<Buffer>
type Quickened = HashRaw & { quick: boolean }

/** The least that argon2 takes for one lane (RFC 9106, section 3.1). */
const least = { memoryCost: 8, timeCost: 1 }
const argon2id = 2

// The copy that the product has. It imports the function by name, so the first of this process stays.
const library = createRequire(import.meta.url)('@node-rs/argon2') as { hashRaw: HashRaw | Quickened }
const quickened = 'quick' in library.hashRaw ? library.hashRaw : quicken(library.hashRaw)
library.hashRaw = quickened

/** @param on whether hashes by the policy are quick from now on: in a test's own world alone (`useWorld`) */
export function hashQuickly(on: boolean): void {
  quickened.quick = on && thisSample !== 'whole'
}

function quicken(real: HashRaw): Quickened {
  // The seed's hash was made elsewhere, at its real cost: each guess at it is hashed once.
  const seedSalt = seedPasswordHash.split('$').at(-2) ?? ''
  const ofSeed = new Map<string, Promise<Buffer>>()
  const hash: HashRaw = async (secret, options) => {
    if (!hashRaw.quick || !isByPolicy(options)) return real(secret, options)
    if (!options.salt.toString('base64').startsWith(seedSalt)) return real(secret, { ...options, ...least })
    const key = secret.toString('base64')
    const made = ofSeed.get(key) ?? real(secret, options)
    ofSeed.set(key, made)
    return Buffer.from(await made)
  }
  const hashRaw = Object.assign(hash, { quick: false })
  return hashRaw
}

function isByPolicy({ algorithm, memoryCost, timeCost, parallelism }: Options): boolean {
  const { memoryKiB, passes, lanes } = policy.argon2
  return algorithm === argon2id && memoryCost === memoryKiB && timeCost === passes && parallelism === lanes
}
