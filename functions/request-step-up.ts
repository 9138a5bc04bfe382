/** Asks for a code that proves the phone in this session. */

import { done, refuse } from '#shared/call/reply.ts'
import { callingCodeOf } from '#shared/contract/phones.ts'
import { codeText } from '#shared/contract/sms-registrations.ts'
import { maskPhone } from '#shared/domain/mask.ts'
import { smsRefusal } from '#shared/domain/sendable.ts'
import { identitySubject, subjectKey } from '#shared/domain/subject.ts'
import { sessionEdge } from '#shared/edge/edge.ts'
import { smsRules } from '#shared/messages/sms-rules.ts'
import { settings } from '#shared/settings.ts'
import { issueCode } from '#shared/steps/ask.ts'
import { commit } from '#shared/stores/transaction.ts'

export const handler = sessionEdge('request-step-up', async (call) => {
  const { identity, session, flow } = call
  const { userId, phone, locale, credentialEpoch: epoch } = identity
  const subject = identitySubject(userId)
  const hindrance =
    phone === undefined
      ? 'no_phone'
      : smsRefusal(phone, smsRules(settings()), { text: codeText('signIn'), locale })
  if (phone === undefined || hindrance !== undefined) {
    const said = { type: 'CODE_REQUESTED', outcome: 'failure', subject, userId } as const
    await commit({ event: call.event({ ...said, reason: hindrance ?? 'no_phone' }).write })
    return refuse('FORBIDDEN', { message: 'This identity has no phone number that a code can be sent to.' })
  }
  const { sessionId } = session
  const asked = await issueCode(call, { flow, key: subjectKey(subject), subject, userId, sessionId, epoch })
  if (asked.refused) return asked.refused
  return done('A code is on its way to your phone.', {
    ...asked.data,
    maskedPhone: maskPhone(phone, callingCodeOf(phone)),
  })
})
