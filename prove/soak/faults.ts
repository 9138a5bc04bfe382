/** Random faults on the wire between the workers and the services. */
import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Faults } from '#local/services/faults.ts'

const targets = [
  { service: 'dynamodb', function: 'append-ledger' },
  { service: 'dynamodb', operation: 'TransactWriteItems', function: 'append-ledger' },
  { service: 'kms', function: 'append-ledger' },
  { service: 'dynamodb', function: 'seal-ledger' },
  { service: 'kms', function: 'seal-ledger' },
  { service: 's3', function: 'seal-ledger' },
] as const
const modes = ['fail-before', 'fail-after', 'slow'] as const
/** Of each function and service: one that is seldom asked must not take the place of all others. */
const waitingAtMost = 2

function randomFault() {
  const mode = modes[randomInt(modes.length)]
  // One call is saved by the SDK's own retries; a row of them is not.
  const count = 1 + randomInt(4)
  return {
    ...(targets[randomInt(targets.length)] ?? targets[0]),
    mode,
    count,
    skip: randomInt(10),
    ...(mode === 'slow' && { delayMs: randomInt(200) }),
  }
}

const left = (faults: Faults) => faults.pending().reduce((sum, { count }) => sum + count, 0)

/**
 * Orders faults until told to stop, then takes back those that hit nothing.
 * @returns calls that were hit
 */
export async function troubleWire(faults: Faults, everyMs: number, stop: AbortSignal): Promise<number> {
  let ordered = 0
  while (!stop.aborted) {
    const fault = randomFault()
    const alike = faults
      .pending()
      .filter((each) => each.service === fault.service && each.function === fault.function)
    if (alike.length < waitingAtMost) {
      faults.post(fault)
      ordered += fault.count
    }
    await sleep(everyMs, undefined, { signal: stop }).catch(() => undefined)
  }
  const hit = ordered - left(faults)
  faults.post({ count: 0 })
  return hit
}
