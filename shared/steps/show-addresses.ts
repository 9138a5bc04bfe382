/** Shows support the addresses of an identity in clear. The entry that says so is written before they are told (ADR 0114). */
import type { Call } from '../call/call.ts'
import { done } from '../call/reply.ts'
import type { Identity } from '../domain/identity.ts'
import { identitySubject } from '../domain/subject.ts'
import { commit } from '../stores/transaction.ts'

/** @throws Unavailable: what cannot be recorded is not shown */
export async function showAddresses(call: Call, { userId, email, phone }: Identity) {
  const subject = identitySubject(userId)
  const fields = [...(email === undefined ? [] : ['email']), ...(phone === undefined ? [] : ['phone'])]
  const said = { type: 'ADDRESSES_SHOWN', outcome: 'success', subject, userId, fields } as const
  await commit({ event: call.event(said).write })
  return done('These are the addresses. An entry says who was shown them.', {
    email: email ?? null,
    phone: phone ?? null,
  })
}
