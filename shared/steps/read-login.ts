/** What a login reads before it compares anything: the same calls for known and unknown (G1). */

import type { Call } from '../call/call.ts'
import type { Reply } from '../call/reply.ts'
import type { Body } from '../contract/schemas.ts'
import type { Judged } from '../judged.ts'
import { readOwner, readWithStreaks } from '../stores/first-reads.ts'
import { loginRegisters, loginStreaksKey } from '../stores/logins.ts'
import { refuseFull } from './limits.ts'
import type { PasswordTry } from './sign-in.ts'

/** @returns the try with the limits it counts against, or the refusal of one that is full. @throws Unavailable */
export async function readLogin(
  call: Call,
  { kind, value }: Body<'login'>['identifier'],
): Promise<Judged<PasswordTry, Reply>> {
  const subject = { kind, value }
  const registers = loginRegisters(subject, call.source)
  const { owner, full } = await readOwner(subject, registers, call.now)
  if (full) return { refused: await refuseFull(call, full, { subject }) }
  const key = loginStreaksKey(owner, subject)
  const known = owner === undefined ? {} : { userId: owner }
  return {
    subject,
    registers,
    streaksKey: key,
    failed: { type: 'LOGIN', outcome: 'failure', subject, ...known },
    ...(await readWithStreaks(owner, key)),
  }
}
