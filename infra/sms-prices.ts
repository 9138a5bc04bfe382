/**
 * What a part of an SMS costs, where a price could be found: it is the country's and the sender's, and changes often. Look yours up
 * (https://aws.amazon.com/end-user-messaging/pricing/) before you count on any of these.
 */
export interface SmsPrice {
  readonly usdPerPart: number
  /** Month of the list, or `unknown`. */
  readonly asOf: string
  /** Whose price it is, and of what. */
  readonly of: string
}

export const smsPrices: Readonly<Record<string, SmsPrice>> = {
  EG: { usdPerPart: 0.3714, asOf: '2025-03', of: 'another seller; what AWS asks is not known here' },
  IN: {
    usdPerPart: 0.02171,
    asOf: 'unknown',
    of: 'AWS, the international route; a registered sender id is far cheaper',
  },
  JP: { usdPerPart: 0.07451, asOf: '2026-05', of: 'AWS, all networks' },
}
