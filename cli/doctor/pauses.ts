/** What an operator or the breaker did to SMS to a country. */
import { readSmsOfDay } from '#shared/stores/sms-cap.ts'

/**
 * @param now epoch ms
 * @returns moments that are still to come (epoch ms), and the floor that an operator set
 * @throws Unavailable
 */
export async function pausesOf(
  country: string,
  now: number,
): Promise<{ readonly pausedUntil?: number; readonly haltedUntil?: number; readonly floor?: number }> {
  const { pausedUntil, haltedUntil, unverifiedFloor: floor } = await readSmsOfDay(country, now)
  return {
    ...(floor > 0 && { floor }),
    ...(pausedUntil > now && { pausedUntil }),
    ...(haltedUntil > now && { haltedUntil }),
  }
}
