/** What alarms, dashboard and people's roles are about: made before them, and passed to them whole. */
import type * as sqs from 'aws-cdk-lib/aws-sqs'
import { type WorkerId, workers } from '../shared/contract/routes.ts'
import { type StreamWorkerId, streamSources } from '../shared/event-sources.ts'
import type { StageConfig } from './config.ts'
import type { Data } from './data.ts'
import type { StepFunction } from './step-function.ts'

export interface Deployed {
  readonly data: Data
  readonly workers: ReadonlyMap<WorkerId, StepFunction>
  /** Failures of each worker that were given up. */
  readonly deadLetters: ReadonlyMap<WorkerId, sqs.IQueue>
}

/** The workers of a stage: the one that publishes only where there is a bus. */
export const workersFor = ({ events }: Pick<StageConfig, 'events'>): WorkerId[] =>
  workers.filter((id) => id !== 'publish' || events !== undefined)

/** Those of them that a stream feeds. */
export const streamWorkersOf = ({ workers: made }: Pick<Deployed, 'workers'>): StreamWorkerId[] =>
  (Object.keys(streamSources) as StreamWorkerId[]).filter((id) => made.has(id))

/** @throws Error for a worker that is not there */
export function workerOf({ workers }: Pick<Deployed, 'workers'>, id: WorkerId): StepFunction {
  const found = workers.get(id)
  if (found === undefined) throw new Error(`There is no worker ${id}`)
  return found
}
