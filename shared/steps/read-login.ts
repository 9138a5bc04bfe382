/** What a login reads before it compares anything: the same calls for known and unknown (G1). */

import type { Call } from '../call/call.ts'
import type { Reply } from '../call/reply.ts'
import type { Body } from '../contract/schemas.ts'
import { getSeveral } from '../stores/database.ts'
import { identityIn, identityOrDecoyKey, lookupKey, ownerIn } from '../stores/identities.ts'
import { loginRegisters, rowKey } from '../stores/logins.ts'
import { type PasswordTry, refuseFull } from './sign-in.ts'

/** @returns the try with the limits it counts against, or the refusal of one that is full. @throws Unavailable */
export async function readLogin(
  call: Call,
  { kind, value }: Body<'login'>['identifier'],
): Promise<PasswordTry | { readonly refused: Reply }> {
  const subject = { kind, value }
  const registers = loginRegisters(subject, call.source)
  const [lookup, ...items] = await getSeveral([
    { table: 'identities', key: lookupKey(kind, value) },
    ...registers.map(({ pk }) => ({ table: 'challenges' as const, key: { pk } })),
  ])
  const refused = await refuseFull(call, subject, registers, items)
  if (refused) return { refused }
  const userId = ownerIn(lookup)
  const row = rowKey(userId, subject)
  const [identityItem, rowItem] = await getSeveral([
    { table: 'identities', key: identityOrDecoyKey(userId) },
    { table: 'challenges', key: row },
  ])
  const known = userId === undefined ? {} : { userId }
  return {
    subject,
    registers,
    rowKey: row,
    row: rowItem,
    failed: { type: 'LOGIN', outcome: 'failure', subject, ...known },
    identity: identityIn(identityItem, userId),
  }
}
