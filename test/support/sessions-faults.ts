/** Outages of DynamoDB or KMS, longer than the SDK's own attempts. */
import type { FaultMode } from '#local/services/faults.ts'
import type { World } from './world.ts'

export interface Outage {
  readonly service: 'dynamodb' | 'kms' | 'hibp'
  readonly operation?: string
  readonly mode: FaultMode
}

/** More calls than the SDK makes by itself. */
const outlasting = 20

/** The service fails a function's calls until `during` is over. */
export async function withOutage<T>(
  world: World,
  step: string,
  { service, operation, mode }: Outage,
  during: () => Promise<T>,
): Promise<T> {
  const fault = { service, mode, count: outlasting, function: step, ...(operation && { operation }) }
  const posted = await world.post('/_local/faults', fault)
  if (posted.status !== 200) throw new Error(`No fault: ${JSON.stringify(posted.body)}`)
  try {
    return await during()
  } finally {
    await world.post('/_local/faults', { count: 0 })
  }
}
