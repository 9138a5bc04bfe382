/** What wakes someone. Each row has its words in `alarm-words.ts`, and its entry of the same name in docs/runbook.md. */
import { Duration } from 'aws-cdk-lib'
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import { policy } from '../shared/policy.ts'
import { refusalMetric, throttledMetric } from './access-log.ts'
import type { AlarmRow } from './alarm-row.ts'
import { apiFigures } from './api-figures.ts'
import { canaryAlarms } from './canary.ts'
import type { StageConfig } from './config.ts'
import { type Deployed, streamWorkersOf, workerOf } from './deployed.ts'
import { doorAlarms } from './door-alarms.ts'
import type { LogMetricId } from './log-metrics.ts'

const minutes = Duration.minutes
const { SUM, MAXIMUM } = cloudwatch.Stats

function apiAlarms({ stage }: StageConfig): AlarmRow[] {
  return [
    {
      id: 'api-errors',
      metric: apiFigures.serverErrors(stage, { period: minutes(5), statistic: SUM }),
      threshold: 10,
    },
    {
      id: 'api-slow',
      metric: apiFigures.functionLatency(stage, { period: minutes(5), statistic: cloudwatch.Stats.p(99) }),
      threshold: 5000,
      periods: 3,
    },
    // Far above what people mistype: somebody tries codes or passwords over many people, or one client is broken.
    {
      id: 'guessing',
      metric: refusalMetric(stage).with({ period: minutes(5), statistic: SUM }),
      threshold: 1000,
    },
  ]
}

function workerAlarms(deployed: Deployed, { stage }: StageConfig): AlarmRow[] {
  const deadLetters = [...deployed.deadLetters].map(([worker, queue]) => ({
    id: `dead-letters-${worker}` as const,
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: minutes(5), statistic: MAXIMUM }),
    threshold: 1,
  }))
  const behind = streamWorkersOf(deployed).map((worker) => {
    const made = workerOf(deployed, worker).function
    const metric = made.metric('IteratorAge', { period: minutes(5), statistic: MAXIMUM })
    return { id: `stream-behind-${worker}` as const, metric, threshold: 5 * 60_000, periods: 2 }
  })
  return [...deadLetters, ...behind, ...throttledAlarms(deployed, stage)]
}

/** What runs in the account beside the stage is not meant: steps by what the API was told, workers by their names. */
function throttledAlarms({ workers }: Deployed, stage: string): AlarmRow[] {
  const usingMetrics = Object.fromEntries(
    [...workers.values()].map(({ function: made }, index) => [
      `w${index}`,
      made.metricThrottles({ period: minutes(5), statistic: SUM }),
    ]),
  )
  const metric = new cloudwatch.MathExpression({
    expression: filledSum(usingMetrics),
    usingMetrics,
    label: 'Runs refused a place',
    period: minutes(5),
  })
  return [
    {
      id: 'functions-throttled',
      metric: throttledMetric(stage).with({ period: minutes(5), statistic: SUM }),
      threshold: 50,
      periods: 2,
    },
    { id: 'workers-throttled', metric, threshold: 50, periods: 2 },
  ]
}

/** A metric that says nothing is none, and must not take the sum with it. */
const filledSum = (metrics: Readonly<Record<string, cloudwatch.IMetric>>) =>
  Object.keys(metrics)
    .map((id) => `FILL(${id}, 0)`)
    .join(' + ')

function ledgerAlarms(
  metrics: Readonly<Record<LogMetricId, cloudwatch.Metric>>,
  config: StageConfig,
): AlarmRow[] {
  const per = (id: LogMetricId, period: Duration, statistic: string) =>
    metrics[id].with({ period, statistic })
  // A quiet ledger is sealed once an hour; half as much again is late.
  const quiet = Duration.seconds(policy.emptyCheckpointIntervalSeconds * 1.5)
  return [
    { id: 'ledger-tampered', metric: per('ledgerTampered', minutes(1), SUM), threshold: 1 },
    {
      id: 'no-checkpoint',
      metric: per('checkpointsSealed', quiet, SUM),
      threshold: 1,
      below: true,
      missingIsBad: true,
    },
    {
      id: 'outbox-old',
      metric: per('outboxOldestSeconds', minutes(5), MAXIMUM),
      threshold: 900,
      periods: 2,
      // The sweep tells each minute how old the oldest is: who does not sweep does not tell.
      missingIsBad: true,
    },
    ...(config.witness
      ? [
          {
            id: 'witness-failed' as const,
            metric: per('witnessFailed', minutes(15), SUM),
            // A mailbox is written to once an hour, so a second failure would never come in time.
            threshold: config.witness.email === undefined ? 2 : 1,
          },
        ]
      : []),
  ]
}

/** Reads and writes apart: an alarm takes ten metrics at most. */
function tableAlarms({ data }: Deployed): AlarmRow[] {
  const all = Object.values(data.tables)
  return (['Read', 'Write'] as const).map((kind) => {
    const usingMetrics = Object.fromEntries(
      all.map((table, index) => [
        `t${index}`,
        table.metric(`${kind}ThrottleEvents`, { statistic: SUM, period: minutes(5) }),
      ]),
    )
    return {
      id: kind === 'Read' ? 'tables-throttled-reads' : 'tables-throttled-writes',
      metric: new cloudwatch.MathExpression({
        expression: filledSum(usingMetrics),
        usingMetrics,
        label: `${kind}s refused`,
        period: minutes(5),
      }),
      threshold: 20,
      periods: 2,
    }
  })
}

function messageAlarms(
  metrics: Readonly<Record<LogMetricId, cloudwatch.Metric>>,
  config: StageConfig,
): AlarmRow[] {
  const account = (namespace: string, metricName: string, period: Duration) =>
    new cloudwatch.Metric({ namespace, metricName, period, statistic: MAXIMUM })
  return [
    {
      id: 'sms-cap-reached',
      metric: metrics.smsCapReached.with({ period: minutes(5), statistic: SUM }),
      threshold: 1,
    },
    {
      id: 'sms-paused',
      metric: metrics.smsPaused.with({ period: minutes(5), statistic: SUM }),
      threshold: 1,
    },
    {
      id: 'sms-unwatched',
      metric: metrics.smsWatched.with({ period: minutes(5), statistic: SUM }),
      threshold: 1,
      below: true,
      periods: 2,
      missingIsBad: true,
    },
    {
      id: 'sms-spend',
      metric: account('AWS/SNS', 'SMSMonthToDateSpentUSD', Duration.hours(1)),
      threshold: config.sms.monthlySpendUsd * 0.8,
    },
    // SES reviews an account from 5 % bounces and 0.1 % complaints.
    {
      id: 'email-bounces',
      metric: account('AWS/SES', 'Reputation.BounceRate', Duration.hours(1)),
      threshold: 0.05,
    },
    {
      id: 'email-complaints',
      metric: account('AWS/SES', 'Reputation.ComplaintRate', Duration.hours(1)),
      threshold: 0.001,
    },
  ]
}

/** All alarms of a stage. */
export function alarmRows(
  deployed: Deployed,
  metrics: Readonly<Record<LogMetricId, cloudwatch.Metric>>,
  config: StageConfig,
): AlarmRow[] {
  return [
    ...apiAlarms(config),
    ...doorAlarms(config),
    ...canaryAlarms(config),
    ...workerAlarms(deployed, config),
    ...ledgerAlarms(metrics, config),
    ...tableAlarms(deployed),
    ...messageAlarms(metrics, config),
  ]
}
