/** Until when SMS to a country are paused, and by whom. */
import { readSmsOfDay } from '#shared/stores/sms-cap.ts'

/**
 * @param now epoch ms
 * @returns moments that are still to come (epoch ms)
 * @throws Unavailable
 */
export async function pausesOf(
  country: string,
  now: number,
): Promise<{ readonly pausedUntil?: number; readonly haltedUntil?: number }> {
  const { pausedUntil, haltedUntil } = await readSmsOfDay(country, now)
  return { ...(pausedUntil > now && { pausedUntil }), ...(haltedUntil > now && { haltedUntil }) }
}
