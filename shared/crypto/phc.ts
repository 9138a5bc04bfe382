/** Reads hashes made elsewhere: PHC strings of argon2 and the modular crypt format of bcrypt. */
import { policy } from '../policy.ts'
import type { Argon2Scheme, Scheme } from './scheme.ts'

/** A hash taken apart. Refused ones say why, in words for the person who imports; the text never holds the hash. */
export type ParsedHash =
  | { readonly scheme: Scheme; readonly digest: Buffer; readonly reason?: undefined }
  | { readonly reason: string }

const limits = policy.importLimits
/** RFC 9106 3.1 asks for 8 bytes of salt at least; a digest under 16 bytes would be guessed sooner than the password. */
const bytes = { saltMin: 8, saltMax: 64, digestMin: 16, digestMax: 64 }

const argon2Pattern =
  /^\$(argon2id|argon2i|argon2d)(?:\$v=(16|19))?\$m=([1-9][0-9]{0,9}),t=([1-9][0-9]{0,9}),p=([1-9][0-9]{0,9})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/
const bcryptPattern = /^\$2[aby]\$([0-9]{2})\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})$/

/** @returns undefined for text that no encoder gives: a length or spare bits that do not fit. */
function fromBase64(text: string): Buffer | undefined {
  const decoded = Buffer.from(text, 'base64')
  return decoded.toString('base64').replace(/=+$/, '') === text ? decoded : undefined
}

const bcryptAlphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Bcrypt has an alphabet of its own. */
export function fromBcryptBase64(text: string): Buffer {
  const standard = [...text].map((character) => base64Alphabet[bcryptAlphabet.indexOf(character)])
  return Buffer.from(standard.join(''), 'base64')
}

/** @returns why this service would not compute such a hash, or undefined. */
function refusalOf({ memoryKiB, passes, lanes }: Argon2Scheme, salt: Buffer, digest: Buffer) {
  if (memoryKiB > limits.argon2MemoryKiB) return `its memory is above ${limits.argon2MemoryKiB} KiB`
  if (passes > limits.argon2Passes) return `its passes (t) are above ${limits.argon2Passes}`
  if (lanes > limits.argon2Lanes) return `its parallelism (p) is above ${limits.argon2Lanes}`
  if (memoryKiB < 8 * lanes) return 'its memory is below 8 KiB for each lane'
  if (salt.length < bytes.saltMin || salt.length > bytes.saltMax)
    return `its salt is not ${bytes.saltMin} to ${bytes.saltMax} bytes long`
  if (digest.length < bytes.digestMin || digest.length > bytes.digestMax)
    return `its hash is not ${bytes.digestMin} to ${bytes.digestMax} bytes long`
  return undefined
}

function parseArgon2(match: RegExpExecArray): ParsedHash {
  const [, algorithm, version = '16', memory, passes, lanes, saltText = '', digestText = ''] = match
  const salt = fromBase64(saltText)
  const digest = fromBase64(digestText)
  if (salt === undefined || digest === undefined) return { reason: 'its salt or hash is not valid base64' }
  const scheme: Argon2Scheme = {
    algorithm: algorithm as Argon2Scheme['algorithm'],
    version: version === '19' ? 19 : 16,
    memoryKiB: Number(memory),
    passes: Number(passes),
    lanes: Number(lanes),
    hashBytes: digest.length,
    salt: salt.toString('base64'),
  }
  const reason = refusalOf(scheme, salt, digest)
  return reason === undefined ? { scheme, digest } : { reason }
}

function parseBcrypt([, costText, salt = '', digestText = '']: RegExpExecArray): ParsedHash {
  const cost = Number(costText)
  if (cost < 4 || cost > limits.bcryptCost) return { reason: `its cost is not 4 to ${limits.bcryptCost}` }
  return { scheme: { algorithm: 'bcrypt', cost, salt }, digest: fromBcryptBase64(digestText) }
}

/**
 * Takes an imported hash apart and holds it to policy.importLimits.
 * @param text `$argon2id$v=19$m=..,t=..,p=..$salt$hash` (also argon2i and argon2d) or `$2a$`, `$2b$`, `$2y$` of bcrypt
 */
export function parsePhc(text: string): ParsedHash {
  const argon2 = argon2Pattern.exec(text)
  if (argon2) return parseArgon2(argon2)
  const bcrypt = bcryptPattern.exec(text)
  if (bcrypt) return parseBcrypt(bcrypt)
  return { reason: 'it is neither an argon2 PHC string nor a bcrypt hash ($2a$, $2b$, $2y$)' }
}
