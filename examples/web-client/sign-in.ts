/** Signing in by the package's client. */
import type { Client, Failure } from 'latchkey/client'

/** @returns the token of the session, or the refusal: act by its `code`, show its `message` */
export async function signIn(
  latchkey: Client,
  { identifier, password }: { identifier: string; password: string },
  askForCode: (sentTo: string | undefined) => Promise<string>,
): Promise<{ token: string } | Failure> {
  const login = await latchkey.call('login', { body: { identifier, password } })
  if (!login.ok) return login
  if (!login.data.mfaRequired) return { token: login.data.accessToken }
  const { challengeId, maskedPhone, maskedEmail } = login.data
  const otp = await askForCode(maskedPhone ?? maskedEmail)
  const verified = await latchkey.call('verifyLogin', { body: { challengeId, otp } })
  return verified.ok ? { token: verified.data.accessToken } : verified
}
