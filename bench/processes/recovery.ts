/** One full recovery: password by email with a token, then a sign-in. */
import { type Deployment, expectStatus, type Meter } from './deployment.ts'
import { newIp, type Person } from './people.ts'

export const newPassword = 'Plum-Harbour-72-Vane'

/** @param settle makes the workers take what a step wrote */
export async function recover(
  { call, services }: Deployment,
  { email }: Person,
  settle: () => Promise<void>,
  meter?: Meter,
): Promise<void> {
  const given = { ip: newIp(), ...(meter && { meter }) }
  expectStatus(await call('requestPasswordReset', { email }, given), 200)
  await settle()
  const otp = await services.ask<string>('code', email)
  const verified = expectStatus(await call('verifyPasswordResetOtp', { email, otp }, given), 200)
  await settle()
  const { token } = verified.body
  expectStatus(await call('resetPasswordEmail', { email, token, newPassword }, given), 200)
  await settle()
  expectStatus(await call('login', { identifier: email, password: newPassword }, given), 200)
  await settle()
}
