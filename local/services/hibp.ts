/** The Have I Been Pwned range API: which hashes with these first five digits are in a breach, and how often. */
import { hash, randomBytes, randomInt } from 'node:crypto'
import { type Service, ServiceError, type WireReply } from './wire.ts'

/** Passwords that composition rules let through and that are breached all the same; the first breaks no other rule either. */
const enterpriseShaped = [
  'Violet-Harbour-1987!',
  'Password123!',
  'Password1234!',
  'Password@123',
  'Passw0rd123!',
  'P@ssw0rd1234',
  'P@ssw0rd123!',
  'Welcome123456!',
  'Welcome@2024',
  'Welcome@2025',
  'Welcome@2026',
  'Admin@123456',
  'Administrator1!',
  'Qwerty123456!',
  'Summer2025!!',
  'Winter2025!!',
  'Company12345!',
  'Changeme123!',
  'Letmein12345!',
]

/** The real service pads to between 800 and 1,000 rows. */
const paddedLeast = 800
const paddedMost = 1000

/** `SUFFIX:COUNT` rows by the hash's first five digits. */
type Ranges = ReadonlyMap<string, readonly string[]>

let ranges: Promise<Ranges> | undefined

export function createHibp(): Service {
  return {
    name: 'hibp',
    identify: () => ({ operation: 'range' }),
    async perform(request) {
      const prefix = /^\/range\/([0-9A-Fa-f]{5})$/.exec(request.path)?.[1]
      if (prefix === undefined) {
        throw new ServiceError(400, 'BadRequest', 'The hash prefix was not in a valid format')
      }
      ranges ??= loadRanges()
      const rows = (await ranges).get(prefix.toUpperCase()) ?? []
      const padded = request.headers['add-padding'] === 'true' ? withPadding(rows) : rows
      return text(200, padded.join('\r\n'))
    },
    refuse: (error) => text(error.status, error.message),
    broken: new ServiceError(500, 'InternalServerError', 'Internal Server Error'),
    throttled: new ServiceError(429, 'TooManyRequests', 'Rate limit is exceeded. Try again in 2 seconds.'),
  }
}

/** At the first question of the process only: hashing the list takes a while. */
async function loadRanges(): Promise<Ranges> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  const ranges = new Map<string, string[]>()
  const passwords = new Set([...dictionary['passwords-common'], ...enterpriseShaped])
  let count = passwords.size
  for (const password of passwords) {
    const digest = hash('sha1', password).toUpperCase()
    const rows = ranges.get(digest.slice(0, 5)) ?? []
    rows.push(`${digest.slice(5)}:${count--}`)
    ranges.set(digest.slice(0, 5), rows)
  }
  return ranges
}

/** Rows of count 0 hide how many hashes a range really has. */
function withPadding(rows: readonly string[]): string[] {
  const size = randomInt(paddedLeast, paddedMost + 1)
  const length = Math.max(0, size - rows.length)
  // All at once: a thousand small draws would cost more than the rest of a reset.
  const digits = randomBytes(length * 18)
    .toString('hex')
    .toUpperCase()
  const added = Array.from({ length }, (_, index) => `${digits.slice(index * 36, index * 36 + 35)}:0`)
  return [...rows, ...added].sort()
}

function text(status: number, body: string): WireReply {
  return { status, headers: { 'content-type': 'text/plain' }, body }
}
