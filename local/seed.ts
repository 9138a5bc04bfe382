/** The identities a new local stack knows: those of the two-factor document, and two more. */
import type { Dispatch } from './gateway/dispatch.ts'
import type { GatewayResponse } from './gateway/message.ts'

/** argon2id of `password123`, m=19456 KiB, t=2, p=1: fixed, so that a start costs no hash. */
export const seedPasswordHash =
  '$argon2id$v=19$m=19456,t=2,p=1$qZDu9C6aJhW5VCY91FBnHg$VuqqYuaMl5hRRyCiOv+aXUuQCPi7G1s2GDvo8yy8NcE'
export const seedPassword = 'password123'

export const seedIdentities = {
  'u-priya': { email: 'priya.sharma@example.com', username: 'priyasharma', phone: '+919876543210' },
  'u-rahul': { email: 'rahul.kumar@example.com', username: 'rahulkumar', phone: '+919876543211' },
  'u-ananya': { email: 'ananya.patel@example.com', username: 'ananyapatel', phone: '+919876543212' },
  /** Reads Arabic. */
  'u-omar': {
    email: 'omar.hassan@example.com',
    username: 'omarhassan',
    phone: '+201001234567',
    locale: 'ar',
  },
  /** Signs in with a code. */
  'u-vikram': {
    email: 'vikram.singh@example.com',
    username: 'vikramsingh',
    phone: '+919876543213',
    mfaEnabled: true,
  },
} as const

/**
 * Registers those that are not there yet, by the same route a team's own backend uses.
 * @throws Error that names the identity which was refused.
 */
export async function seed(dispatch: Dispatch): Promise<void> {
  for (const [userId, identity] of Object.entries(seedIdentities)) {
    const path = `/admin/identities/${userId}`
    const known = await call(dispatch, 'GET', path)
    if (known.status === 200) continue
    const put = (more: object) =>
      call(dispatch, 'PUT', path, { ...identity, passwordHash: seedPasswordHash, ...more })
    const first = await put({})
    // Where SMS go to other countries alone (SMS_COUNTRIES), nobody here can sign in with a code.
    const registered = needsOtherCountry(first) ? await put({ mfaEnabled: false }) : first
    if (registered.status !== 201) {
      throw new Error(`The test identity ${userId} was refused: ${String(registered.body)}`)
    }
  }
}

const needsOtherCountry = ({ status, body }: GatewayResponse) =>
  status === 400 && String(body).includes('"field":"mfaEnabled"')

function call(dispatch: Dispatch, method: string, target: string, body?: unknown): Promise<GatewayResponse> {
  return dispatch({
    method,
    target,
    headers: body === undefined ? [] : [['Content-Type', 'application/json']],
    body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
    sourceIp: '127.0.0.1',
  })
}
