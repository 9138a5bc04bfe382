/** Figures read from log lines, so that no function needs a library or a permission to report them. */
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import * as logs from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { WorkerId } from '../shared/contract/routes.ts'

export interface LogMetric {
  readonly id: string
  readonly function: WorkerId
  /** `message` of the line. */
  readonly line: string
  /** Field that holds the value; without it lines are counted. */
  readonly field?: string
}

export const logMetrics = {
  ledgerTampered: { id: 'LedgerTampered', function: 'sentinel', line: 'ledger_tampered' },
  checkpointsSealed: { id: 'CheckpointsSealed', function: 'seal-ledger', line: 'checkpoint_sealed' },
  witnessFailed: { id: 'WitnessFailed', function: 'seal-ledger', line: 'witness_failed' },
  outboxOldestSeconds: {
    id: 'OutboxOldestSeconds',
    function: 'sweep-outbox',
    line: 'outbox_swept',
    field: 'oldestSeconds',
  },
  smsPaused: { id: 'SmsPaused', function: 'watch-sms', line: 'SmsPaused' },
  smsWatched: { id: 'SmsWatched', function: 'watch-sms', line: 'sms_watched' },
  smsCapReached: { id: 'SmsCapReached', function: 'deliver', line: 'SmsCapReached' },
} as const satisfies Record<string, LogMetric>

export type LogMetricId = keyof typeof logMetrics

/** @returns the metric that a filter on the function's log makes */
export function addLogMetric(
  scope: Construct,
  stage: string,
  { id, line, field }: LogMetric,
  logGroup: logs.ILogGroup,
): cloudwatch.Metric {
  const filter = new logs.MetricFilter(scope, `${id}Filter`, {
    logGroup,
    filterPattern: logs.FilterPattern.stringValue('$.message', '=', line),
    metricNamespace: `Latchkey/${stage}`,
    metricName: id,
    metricValue: field === undefined ? '1' : `$.${field}`,
  })
  return filter.metric()
}
