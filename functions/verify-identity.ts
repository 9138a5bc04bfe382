/** Says whether identifier and phone are one person's: the one answer seed 004 asks for, behind its own limits. */

import { done } from '#shared/call/reply.ts'
import { callingCodeOf } from '#shared/contract/phones.ts'
import { maskPhone } from '#shared/domain/mask.ts'
import { edge } from '#shared/edge/edge.ts'
import { policy } from '#shared/policy.ts'
import { checkPair, pairOf } from '#shared/steps/pair.ts'
import { commit } from '#shared/stores/transaction.ts'

export const handler = edge(
  'verify-identity',
  async (call) => {
    const pair = pairOf(call.body)
    const match = await checkPair(call, pair, 'IDENTITY_VERIFIED')
    if (match.refused) return match.refused
    const event = call.event({
      type: 'IDENTITY_VERIFIED',
      outcome: 'success',
      subject: pair.identifier,
      userId: match.identity.userId,
      factors: [{ group: 'KNOWLEDGE', method: 'identifier-and-phone' }],
    })
    const end = await commit({ limits: match.writes, event: event.write })
    if (!end.committed) return match.refuse(end.met)
    return done('Identity verified. You can now request OTP.', {
      identifier: call.body.identifier.typed,
      maskedPhone: maskPhone(pair.phone, callingCodeOf(pair.phone)),
    })
  },
  { floorMs: () => policy.pairFloorMs },
)
