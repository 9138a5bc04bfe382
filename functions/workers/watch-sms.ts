/** On schedule: pauses recovery codes by SMS to countries where too many of them are never given back. */

import { log } from '#shared/call/log.ts'
import { judgeCountry } from '#shared/domain/sms-breaker.ts'
import { policy } from '#shared/policy.ts'
import { settings } from '#shared/settings.ts'
import { pause, readCounts } from '#shared/stores/sms-counts.ts'
import { readSmsFloor } from '#shared/stores/sms-halt.ts'

/** @returns whether it is paused */
async function watch(country: string, now: number): Promise<boolean> {
  const { SMS_UNVERIFIED_FLOORS: floors } = settings()
  const [counts, byOperator] = await Promise.all([readCounts(country, now), readSmsFloor(country, now)])
  const floor = byOperator ?? floors[country] ?? floors['default'] ?? policy.smsUnverifiedPerDay
  const state = judgeCountry(counts, floor, now)
  if (!state.paused) return false
  const { rule, unverified, limit } = state
  await pause(country, now)
  log.error('SmsPaused', { country, rule, unverified, limit })
  return true
}

/** One country that cannot be read holds up no other; the run then counts as failed. */
export async function handler(): Promise<void> {
  const now = Date.now()
  const ends = await Promise.allSettled(settings().SMS_COUNTRIES.map((country) => watch(country, now)))
  const failed = ends.find((end) => end.status === 'rejected')
  if (failed) throw failed.reason
  // Its silence is an alarm.
  log.info('sms_watched', { paused: ends.filter((end) => end.status === 'fulfilled' && end.value).length })
}
