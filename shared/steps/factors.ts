/** Factors as entries name them. */
import type { Channel } from '../contract/flows.ts'
import type { Factor } from '../events.ts'

export const codeMethod = (channel: Channel | undefined) => (channel === 'email' ? 'email-otp' : 'sms-otp')

/** Possession of the mailbox or phone that a code went to. */
export const codeFactor = (channel: Channel | undefined): Factor => ({
  group: 'POSSESSION',
  method: codeMethod(channel),
})
