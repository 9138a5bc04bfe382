/** scrypt: PHC, Django, better-auth, Firebase. */
import { policy } from '../../policy.ts'
import { fromBase64 } from '../base64.ts'
import { type ScryptScheme, scryptMiB } from '../scheme.ts'
import { type Form, lengthProblem, notBase64, type ParsedHash } from './form.ts'

const limits = policy.importLimits

/** RFC 7914 2 and 6: N is a power of two, above 1, and below 2 to the power of 16 r. */
function costProblem(scheme: ScryptScheme): string | undefined {
  const { costLog2, blockSize, lanes } = scheme
  const isWhole = Number.isInteger(costLog2) && costLog2 >= 1 && blockSize >= 1 && lanes >= 1
  if (!isWhole || costLog2 >= 16 * blockSize) return 'its parameters are none that scrypt takes'
  if (lanes > limits.scryptLanes) return `its parallelism (p) is above ${limits.scryptLanes}`
  const memory = scryptMiB(scheme)
  if (memory > limits.scryptMiB) return `its memory (128 N r) is above ${limits.scryptMiB} MiB`
  if (memory * lanes > limits.scryptWorkMiB)
    return `its memory times its parallelism (p) is above ${limits.scryptWorkMiB} MiB`
  return undefined
}

type Parameters = Pick<ScryptScheme, 'algorithm' | 'costLog2' | 'blockSize' | 'lanes' | 'normalised'>

function hashOf(parameters: Parameters, salt: Buffer | undefined, digest: Buffer | undefined): ParsedHash {
  if (salt === undefined || digest === undefined) return notBase64
  const scheme: ScryptScheme = { ...parameters, hashBytes: digest.length, salt: salt.toString('base64') }
  const reason = costProblem(scheme) ?? lengthProblem(salt, digest)
  return reason === undefined ? { scheme, digest } : { reason }
}

function readPhc([, ln, r, p, salt = '', digest = '']: RegExpExecArray): ParsedHash {
  const parameters = {
    algorithm: 'scrypt',
    costLog2: Number(ln),
    blockSize: Number(r),
    lanes: Number(p),
  } as const
  return hashOf(parameters, fromBase64(salt), fromBase64(digest))
}

/** Django's salt is text, hashed as it stands. */
function readDjango([, n, salt = '', r, p, digest = '']: RegExpExecArray): ParsedHash {
  const costLog2 = Math.log2(Number(n))
  const parameters = { algorithm: 'scrypt', costLog2, blockSize: Number(r), lanes: Number(p) } as const
  return hashOf(parameters, Buffer.from(salt), fromBase64(digest))
}

/** better-auth hashes the text of its salt, and what was typed in NFKC. */
function readBetterAuth([, salt = '', key = '']: RegExpExecArray): ParsedHash {
  const cost = { costLog2: 14, blockSize: 16, lanes: 1 } as const
  const parameters = { algorithm: 'scrypt', ...cost, normalised: 'NFKC' } as const
  return hashOf(parameters, Buffer.from(salt), Buffer.from(key, 'hex'))
}

const named = (text: string) =>
  new Map(
    text.split(',').map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  )

/**
 * Firebase encrypts a signer key that all people of a project share. What of that depends on the password is the stream
 * it is encrypted with: that is what is kept, so that no signer key lies in the table.
 */
function readFirebase([, parameterText = '', saltText = '', digestText = '']: RegExpExecArray): ParsedHash {
  const parameters = named(parameterText)
  const number = (name: string) => Number(/^[0-9]{1,4}$/.exec(parameters.get(name) ?? '')?.[0] ?? 0)
  const signerKey = fromBase64(parameters.get('sk') ?? '')
  const [salt, separator] = [fromBase64(saltText), fromBase64(parameters.get('ss') ?? '')]
  const encrypted = fromBase64(digestText)
  if (signerKey === undefined || salt === undefined || separator === undefined || encrypted === undefined)
    return notBase64
  if (parameters.get('v') !== '1') return { reason: 'it is a Firebase hash of a version that is not known' }
  if (signerKey.length === 0) return { reason: 'it is a Firebase hash without its signer key (sk)' }
  if (signerKey.length !== encrypted.length)
    return { reason: 'it is a Firebase hash of another signer key (sk): they are not equally long' }
  const stream = Buffer.from(encrypted.map((byte, place) => byte ^ (signerKey[place] ?? 0)))
  const lanes = parameters.has('p') ? number('p') : 1
  const cost = { costLog2: number('n'), blockSize: number('r'), lanes }
  return hashOf({ algorithm: 'firebase-scrypt', ...cost }, Buffer.concat([salt, separator]), stream)
}

const base64 = '[A-Za-z0-9+./_-]+={0,2}'

export const scryptForms: readonly Form[] = [
  {
    pattern: new RegExp(
      `^\\$scrypt\\$ln=([0-9]{1,2}),r=([0-9]{1,4}),p=([0-9]{1,4})\\$(${base64})\\$(${base64})$`,
    ),
    read: readPhc,
  },
  {
    pattern: new RegExp(`^scrypt\\$([1-9][0-9]{0,9})\\$([^$]+)\\$([0-9]{1,4})\\$([0-9]{1,4})\\$(${base64})$`),
    read: readDjango,
  },
  { pattern: /^([0-9a-f]{32}):([0-9a-f]{128})$/, read: readBetterAuth },
  { pattern: new RegExp(`^\\$fbscrypt\\$([^$]+)\\$(${base64})\\$(${base64})$`), read: readFirebase },
]
