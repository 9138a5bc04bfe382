/** argon2 as PHC strings, also with the prefixes of Spring Security (`{argon2}`) and Django (`argon2`). */
import { policy } from '../../policy.ts'
import { fromBase64 } from '../base64.ts'
import type { Argon2Scheme } from '../scheme.ts'
import { type Form, lengthProblem, notBase64, type ParsedHash } from './form.ts'

const limits = policy.importLimits

const pattern =
  /^(?:\{argon2(?:@\w{1,40})?\}|argon2)?\$(argon2id|argon2i|argon2d)(?:\$v=(16|19))?\$m=([1-9][0-9]{0,9}),t=([1-9][0-9]{0,9}),p=([1-9][0-9]{0,9})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/** @returns why this service would not compute such a hash, or undefined. */
function costProblem({ memoryKiB, passes, lanes }: Argon2Scheme): string | undefined {
  if (memoryKiB > limits.argon2MemoryKiB) return `its memory is above ${limits.argon2MemoryKiB} KiB`
  if (passes > limits.argon2Passes) return `its passes (t) are above ${limits.argon2Passes}`
  if (lanes > limits.argon2Lanes) return `its parallelism (p) is above ${limits.argon2Lanes}`
  if (memoryKiB < 8 * lanes) return 'its memory is below 8 KiB for each lane'
  return undefined
}

function read(match: RegExpExecArray): ParsedHash {
  const [, algorithm, version = '16', memory, passes, lanes, saltText = '', digestText = ''] = match
  const salt = fromBase64(saltText)
  const digest = fromBase64(digestText)
  if (salt === undefined || digest === undefined) return notBase64
  const scheme: Argon2Scheme = {
    algorithm: algorithm as Argon2Scheme['algorithm'],
    version: version === '19' ? 19 : 16,
    memoryKiB: Number(memory),
    passes: Number(passes),
    lanes: Number(lanes),
    hashBytes: digest.length,
    salt: salt.toString('base64'),
  }
  const reason = costProblem(scheme) ?? lengthProblem(salt, digest)
  return reason === undefined ? { scheme, digest } : { reason }
}

export const argon2Forms: readonly Form[] = [{ pattern, read }]
