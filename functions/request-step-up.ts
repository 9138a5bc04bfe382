/** Asks for a code that proves the phone in this session. */
import { callingCodeOf } from '#shared/contract/schemas.ts'
import { maskPhone } from '#shared/domain/mask.ts'
import { subjectKey } from '#shared/domain/subject.ts'
import { sessionEdge } from '#shared/edge/edge.ts'
import { done, refuse } from '#shared/edge/reply.ts'
import { issueCode } from '#shared/steps/ask.ts'
import { transact } from '#shared/stores/database.ts'

export const handler = sessionEdge('request-step-up', async (call) => {
  const { identity, session, flow } = call
  const { userId, phone } = identity
  const subject = { kind: 'identity', value: userId } as const
  if (phone === undefined) {
    const refused = {
      type: 'CODE_REQUESTED',
      outcome: 'failure',
      reason: 'no_phone',
      subject,
      userId,
    } as const
    await transact([call.event(refused).write])
    return refuse('FORBIDDEN', { message: 'This identity has no phone number to confirm. Add one first.' })
  }
  const { sessionId } = session
  const asked = await issueCode(call, { flow, key: subjectKey(subject), subject, userId, sessionId })
  if ('refused' in asked) return asked.refused
  return done('A code is on its way to your phone.', {
    ...asked.data,
    maskedPhone: maskPhone(phone, callingCodeOf(phone)),
  })
})
