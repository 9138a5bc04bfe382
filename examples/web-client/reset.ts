/** Setting a forgotten password by a code from the mailbox. */
import { type Client, type Failure, isUnheard } from 'latchkey/client'

/**
 * The person may come back to `finish` with another code or password, as often as the code has tries.
 * @returns the way to go on, or the refusal. Nobody is told here whether there is such a person.
 */
export async function forgotPassword(latchkey: Client, email: string) {
  const asked = await latchkey.call('requestPasswordReset', { body: { email } })
  if (!asked.ok) return asked
  const { flowId, maskedEmail, resendAfterSeconds } = asked.data
  /** @returns what became of it; `unsure`: the answer was lost, so have them try to sign in */
  const finish = async (otp: string, newPassword: string): Promise<'done' | 'unsure' | Failure> => {
    // With the flowId of one's own request its tries are one's own: nobody else can use them up.
    const reset = await latchkey.call('resetPasswordEmail', { body: { email, otp, newPassword, flowId } })
    if (reset.ok) return 'done'
    return isUnheard(reset) ? 'unsure' : reset
  }
  return { ok: true as const, sentTo: maskedEmail, resendAfterSeconds, finish }
}
