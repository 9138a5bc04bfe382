/** On schedule, where the stage has a canary: recovers a person of its own from outside. Its lines are what two alarms read. */
import { errorFacts, log } from '#shared/call/log.ts'
import { recover } from '#shared/canary/recovery.ts'
import { settings } from '#shared/settings.ts'

function canary() {
  const { CANARY_URL: url, CANARY_EMAIL: email, CANARY_BUCKET: bucket, EMAIL_FROM } = settings()
  if (url === undefined || email === undefined || bucket === undefined) throw new Error('There is no canary')
  return { url, email, bucket, sender: /<([^<>]*)>\s*$/.exec(EMAIL_FROM)?.[1] ?? EMAIL_FROM.trim() }
}

/** It fails by saying so: a run that throws would be tried again, and ask for a code too soon. */
export async function handler(): Promise<void> {
  try {
    const outcome = await recover(canary())
    if (outcome.proved) log.info('canary_proved', { mailSeconds: outcome.mailSeconds })
    else log.error('canary_failed', { step: outcome.step, status: outcome.status, code: outcome.code })
  } catch (error) {
    log.error('canary_failed', { step: 'network', ...errorFacts(error) })
  }
}
