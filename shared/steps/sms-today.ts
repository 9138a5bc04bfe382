/** What SMS went today to a country, and what stops them there: why a code to somebody's phone may not come. Pure. */
import { iso } from '../domain/iso.ts'
import type { SmsOfDay } from '../stores/sms-cap.ts'

/**
 * @param most how many of each kind may go in a day
 * @param now epoch ms
 */
export function smsToday({ country, sent, pausedUntil, haltedUntil }: SmsOfDay, most: number, now: number) {
  const until = (time: number) => (time > now ? iso(time) : null)
  return {
    country,
    sent,
    mostOfEach: most,
    pausedUntil: until(pausedUntil),
    haltedUntil: until(haltedUntil),
  }
}
