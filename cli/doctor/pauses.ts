/** What an operator or the breaker did to SMS to a country. */
import { getSeveral } from '#shared/stores/database.ts'
import { capKey, caps } from '#shared/stores/sms-cap.ts'

/**
 * @param now epoch ms
 * @returns moments that are still to come (epoch ms), and the floor that an operator set
 * @throws Unavailable
 */
export async function pausesOf(
  country: string,
  now: number,
): Promise<{ readonly pausedUntil?: number; readonly haltedUntil?: number; readonly floor?: number }> {
  const day = new Date(now).toISOString().slice(0, 10)
  const items = await getSeveral(
    caps.map((cap) => ({ table: 'challenges' as const, key: capKey(day, cap, country) })),
  )
  const latest = (name: string) => Math.max(...items.map((item) => Number(item?.[name] ?? 0)))
  const [pausedUntil, haltedUntil] = [latest('pausedUntil'), latest('haltedUntil')]
  const floor = latest('unverifiedFloor')
  return {
    ...(floor > 0 && { floor }),
    ...(pausedUntil > now && { pausedUntil }),
    ...(haltedUntil > now && { haltedUntil }),
  }
}
