/** Signs in with a password; with MFA the session waits for a code. */

import { knowsPassword } from '#shared/domain/session.ts'
import { edge } from '#shared/edge/edge.ts'
import { settings } from '#shared/settings.ts'
import { readLogin } from '#shared/steps/read-login.ts'
import { followRightPassword } from '#shared/steps/right-password.ts'
import { comparePassword, refusePassword, refuseRight, rightPassword } from '#shared/steps/sign-in.ts'
import { askSignInCode } from '#shared/steps/sign-in-code.ts'
import { signedIn } from '#shared/steps/signed-in.ts'
import { signInWrite } from '#shared/stores/identity-changes.ts'
import { newSession, sessionTimes } from '#shared/stores/sessions.ts'
import { commit } from '#shared/stores/transaction.ts'

const factors = [{ group: 'KNOWLEDGE', method: 'password' }] as const

export const handler = edge(
  'login',
  async (call) => {
    const { identifier, password } = call.body
    const tried = await readLogin(call, identifier)
    if (tried.refused) return tried.refused
    const compared = await comparePassword(tried.identity, tried.streaks, password)
    if (compared.refused !== undefined) return refusePassword(call, tried, compared.refused)
    const { identity } = compared
    const followed = await followRightPassword(call, tried, identity, password)
    if (followed.refused) return followed.refused
    if (identity.mfaEnabled) return askSignInCode(call, tried, identity, followed)
    const { upgrade, breachCheck } = followed
    const session = newSession({
      identity,
      factors: [knowsPassword(call.now, sessionTimes())],
      device: call.device,
      userAgent: call.userAgent,
      now: call.now,
    })
    const event = call.event({
      ...tried.failed,
      outcome: 'success',
      factors,
      guess: 'cleared',
      ...(breachCheck && { breachCheck }),
    })
    const end = await commit({
      ...rightPassword(tried, 'sign-in', call.now),
      identity: signInWrite(identity, { password: upgrade, breachCheck, signedIn: true }, call.now),
      session: session.write,
      event: event.write,
    })
    if (!end.committed) return refuseRight(call, tried, end)
    return signedIn(session)
  },
  { floorMs: () => settings().LOGIN_FLOOR_MS },
)
