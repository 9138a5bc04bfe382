/** The passwords that may not come back: the present one and those before it, five in all. */
import type { SealedPassword } from '../crypto/sealed.ts'
import { policy } from '../policy.ts'
import type { Identity } from './identity.ts'

/** What is kept of the older passwords once a new one takes the place of the present one. */
export function historyAfter({
  password,
  history,
}: Pick<Identity, 'password' | 'history'>): SealedPassword[] {
  return [...(password ? [password] : []), ...history].slice(0, policy.passwordHistory - 1)
}
