/** What an alarm is made of: a row for each, in the files that say what is watched. */
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import type { AlarmId } from './alarm-words.ts'

export interface AlarmRow {
  readonly id: AlarmId
  readonly metric: cloudwatch.IMetric
  /** Alarms at or above it; `below`: below it. */
  readonly threshold: number
  readonly below?: true
  /** Periods in a row. */
  readonly periods?: number
  /** Silence is the failure. */
  readonly missingIsBad?: true
}
