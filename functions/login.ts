/** Signs in with a password; with MFA the session waits for a code. */
import { sealPassword } from '#shared/crypto/seal.ts'
import { isNative } from '#shared/crypto/sealed.ts'
import type { Identity } from '#shared/domain/identity.ts'
import { knowsPassword } from '#shared/domain/session.ts'
import { edge } from '#shared/edge/edge.ts'
import { done } from '#shared/edge/reply.ts'
import { settings } from '#shared/settings.ts'
import {
  comparePassword,
  type PasswordTry,
  refuseFull,
  refusePassword,
  refuseRight,
  rightPassword,
} from '#shared/steps/sign-in.ts'
import { askSignInCode } from '#shared/steps/sign-in-code.ts'
import { getSeveral } from '#shared/stores/database.ts'
import { identityIn, identityOrDecoyKey, lookupKey, ownerIn, signInWrite } from '#shared/stores/identities.ts'
import { loginRegisters, rowKey } from '#shared/stores/logins.ts'
import { newSession } from '#shared/stores/sessions.ts'
import { commit } from '#shared/stores/transaction.ts'

const factors = [{ group: 'KNOWLEDGE', method: 'password' }] as const

/** A login is also the moment to seal an imported hash anew: the password is at hand, and known to be right. */
async function upgradeOf(identity: Identity, password: string) {
  if (identity.password === undefined || isNative(identity.password)) return undefined
  return sealPassword(identity.userId, password, identity.history)
}

export const handler = edge(
  'login',
  async (call) => {
    const { identifier, password } = call.body
    const subject = { kind: identifier.kind, value: identifier.value }
    const registers = loginRegisters(subject, call.source)
    const [lookup, ...items] = await getSeveral([
      { table: 'identities', key: lookupKey(identifier.kind, identifier.value) },
      ...registers.map(({ pk }) => ({ table: 'challenges' as const, key: { pk } })),
    ])
    const full = await refuseFull(call, subject, registers, items)
    if (full) return full
    const userId = ownerIn(lookup)
    const row = rowKey(userId, subject)
    const [identityItem, rowItem] = await getSeveral([
      { table: 'identities', key: identityOrDecoyKey(userId) },
      { table: 'challenges', key: row },
    ])
    const identity = identityIn(identityItem, userId)
    const known = userId === undefined ? {} : { userId }
    const failed = { type: 'LOGIN', outcome: 'failure', subject, ...known } as const
    const tried: PasswordTry = { subject, registers, rowKey: row, row: rowItem, failed, identity }
    const { right, reason } = await comparePassword(identity, rowItem, password)
    if (!right || identity === undefined) return refusePassword(call, tried, reason)
    const upgrade = await upgradeOf(identity, password)
    if (identity.mfaEnabled) return askSignInCode(call, tried, identity, upgrade)
    const session = newSession({
      identity,
      factors: [knowsPassword(call.now)],
      device: call.device,
      userAgent: call.userAgent,
      now: call.now,
    })
    const event = call.event({ ...failed, outcome: 'success', factors, guess: 'cleared' })
    const end = await commit({
      ...rightPassword(tried, 'sign-in', call.now),
      identity: signInWrite(identity, { password: upgrade, signedIn: true }, call.now),
      session: session.write,
      event: event.write,
    })
    if (!end.committed) return refuseRight(call, tried, end)
    return done('You are signed in.', {
      accessToken: session.token,
      expiresInSeconds: session.expiresInSeconds,
    })
  },
  { floorMs: () => settings().LOGIN_FLOOR_MS },
)
