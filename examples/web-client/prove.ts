/** A call of our own API that may ask for more than a session: the phone by a code, the PIN. */
import type { Client, Failure } from 'latchkey/client'

export interface Asking {
  code(sentTo: string): Promise<string>
  pin(): Promise<string>
}

/** As our API's guard refuses. */
interface Refused {
  readonly error?: { readonly code: string; readonly details?: readonly { readonly field: string }[] }
}

/**
 * @param call our own API's, with the token
 * @returns its answer, the second one where it asked for more; or why that could not be proved
 */
export async function withProof(
  latchkey: Client,
  token: string,
  asking: Asking,
  call: () => Promise<Response>,
): Promise<Response | Failure> {
  const first = await call()
  if (first.status !== 403) return first
  const { error } = (await first.clone().json()) as Refused
  if (error?.code !== 'SECOND_FACTOR_REQUIRED') return first
  const missing = error.details?.map(({ field }) => field) ?? []
  // In this order: a PIN counts beside a code alone.
  if (missing.includes('POSSESSION')) {
    const asked = await latchkey.call('requestStepUp', { token })
    if (!asked.ok) return asked
    const otp = await asking.code(asked.data.maskedPhone)
    const { flowId } = asked.data
    const proved = await latchkey.call('verifyStepUp', { token, body: { otp, flowId } })
    if (!proved.ok) return proved
  }
  if (missing.includes('PIN')) {
    const proved = await latchkey.call('verifyPin', { token, body: { pin: await asking.pin() } })
    if (!proved.ok) return proved
  }
  return call()
}
