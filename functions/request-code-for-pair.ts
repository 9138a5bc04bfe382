/** Asks for a code by SMS, for identifier and phone that belong together. */

import { done } from '#shared/call/reply.ts'
import { callingCodeOf } from '#shared/contract/phones.ts'
import { maskPhone } from '#shared/domain/mask.ts'
import { edge } from '#shared/edge/edge.ts'
import { policy } from '#shared/policy.ts'
import { issueCode } from '#shared/steps/ask.ts'
import { checkPair, pairOf } from '#shared/steps/pair.ts'

export const handler = edge(
  'request-code-for-pair',
  async (call) => {
    const pair = pairOf(call.body)
    const match = await checkPair(call, pair, 'CODE_REQUESTED')
    if (match.refused) return match.refused
    const { identifier: subject, key, phone } = pair
    const asked = await issueCode(call, { flow: call.flow, key, subject, phone }, match)
    if (asked.refused) return asked.refused
    return done('A code is on its way to your phone.', {
      ...asked.data,
      identifier: call.body.identifier.typed,
      maskedPhone: maskPhone(phone, callingCodeOf(phone)),
    })
  },
  { floorMs: () => policy.pairFloorMs },
)
