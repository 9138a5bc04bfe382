/** Setting the first PIN: agreement, phone, PIN, in this order. */
import type { Client, Failure } from 'latchkey/client'
import type { Asking } from './prove.ts'

/** @param agreement what the stage's `consent` names and the person was shown */
export async function setFirstPin(
  latchkey: Client,
  { token, userId }: { token: string; userId: string },
  agreement: { document: string; version: string },
  asking: Asking,
): Promise<'done' | Failure> {
  const accepted = await latchkey.call('acceptConsent', { token, body: agreement })
  if (!accepted.ok) return accepted
  const asked = await latchkey.call('requestStepUp', { token })
  if (!asked.ok) return asked
  const otp = await asking.code(asked.data.maskedPhone)
  const proved = await latchkey.call('verifyStepUp', { token, body: { otp, flowId: asked.data.flowId } })
  if (!proved.ok) return proved
  const set = await latchkey.call('setPin', { token, body: { userId, pin: await asking.pin() } })
  return set.ok ? 'done' : set
}
