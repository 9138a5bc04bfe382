/** Asks for a code. Looks no one up: the worker does, so that no reply can depend on who exists. */

import { done } from '#shared/call/reply.ts'
import { callingCodeOf } from '#shared/contract/phones.ts'
import { maskEmail, maskPhone } from '#shared/domain/mask.ts'
import { subjectKey } from '#shared/domain/subject.ts'
import { edge } from '#shared/edge/edge.ts'
import { issueCode } from '#shared/steps/ask.ts'
import { typedSubject } from '#shared/steps/typed.ts'

export const handler = edge('request-code', async (call) => {
  const subject = typedSubject(call.body)
  const asked = await issueCode(call, { flow: call.flow, key: subjectKey(subject), subject })
  if (asked.refused) return asked.refused
  // From what was typed, never from the record; a userId shows nothing.
  const mask = {
    email: () => ({ maskedEmail: maskEmail(subject.value) }),
    phone: () => ({ maskedPhone: maskPhone(subject.value, callingCodeOf(subject.value)) }),
    userId: () => ({}),
  }[subject.kind]()
  return done('If an account matches, you will receive a code shortly.', { ...asked.data, ...mask })
})
