/** What alarms, dashboard and people's roles are about: made before them, and passed to them whole. */
import type * as sqs from 'aws-cdk-lib/aws-sqs'
import type { WorkerId } from '../shared/contract/routes.ts'
import type { Data } from './data.ts'
import type { StepFunction } from './step-function.ts'

export interface Deployed {
  readonly data: Data
  readonly workers: ReadonlyMap<WorkerId, StepFunction>
  /** Failures of each worker that were given up. */
  readonly deadLetters: ReadonlyMap<WorkerId, sqs.IQueue>
}

/** @throws Error for a worker that is not there */
export function workerOf({ workers }: Pick<Deployed, 'workers'>, id: WorkerId): StepFunction {
  const found = workers.get(id)
  if (found === undefined) throw new Error(`There is no worker ${id}`)
  return found
}
