/** One page: is it up, do codes arrive, is the ledger sealed, what is it asked for. */
import { Duration } from 'aws-cdk-lib'
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'
import type { WorkerId } from '../shared/contract/routes.ts'
import { refusalMetric } from './access-log.ts'
import { apiFigures } from './api-figures.ts'
import { figureWidgets } from './business-figures.ts'
import { type Deployed, streamWorkersOf, workerOf } from './deployed.ts'
import type { LogMetricId } from './log-metrics.ts'
import { stackName } from './names.ts'

const period = Duration.minutes(5)
const graph = (title: string, left: cloudwatch.IMetric[], right: cloudwatch.IMetric[] = []) =>
  new cloudwatch.GraphWidget({ title, left, right, width: 12, period })

/**
 * Figures of the steps, which are in the stack of the API: found by its name, which Lambda puts before those of its functions,
 * so that no stack waits for the other. CloudWatch compares word by word.
 */
const ofSteps = (stage: string, metricName: string, statistic: string) =>
  new cloudwatch.MathExpression({
    expression: `SEARCH('{AWS/Lambda,FunctionName} MetricName="${metricName}" FunctionName=${stackName(stage, 'service')}', '${statistic}', ${period.toSeconds()})`,
    usingMetrics: {},
    label: '',
    period,
  })

/** Puts the dashboard together from what the workers and the API count. */
export function addDashboard(
  scope: Construct,
  stage: string,
  deployed: Deployed,
  metrics: Readonly<Record<LogMetricId, cloudwatch.Metric>>,
  alarms: cloudwatch.IAlarm[],
): void {
  const of = (ids: readonly WorkerId[], metricName: string, statistic: string) =>
    ids.map((id) => workerOf(deployed, id).function.metric(metricName, { statistic, label: id, period }))
  const all = (metricName: string, statistic: string) => [
    ...of([...deployed.workers.keys()], metricName, statistic),
    ofSteps(stage, metricName, statistic),
  ]
  const tables = Object.entries(deployed.data.tables)
  new cloudwatch.Dashboard(scope, 'Dashboard', {
    defaultInterval: Duration.hours(12),
    widgets: [
      [new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms, width: 24 })],
      figureWidgets(stage, period),
      [
        graph(
          'Requests',
          [apiFigures.requests(stage)],
          [apiFigures.clientErrors(stage), apiFigures.serverErrors(stage), refusalMetric(stage)],
        ),
        graph('Latency', [
          apiFigures.latency(stage, { statistic: 'p50' }),
          apiFigures.latency(stage, { statistic: 'p99' }),
        ]),
      ],
      [
        graph('Streams: how far behind, ms', of(streamWorkersOf(deployed), 'IteratorAge', 'Maximum')),
        graph('Outbox: oldest row, s', [metrics.outboxOldestSeconds], [metrics.checkpointsSealed]),
      ],
      [
        graph('Function errors', all('Errors', 'Sum')),
        graph('Function duration p99, ms', all('Duration', 'p99')),
      ],
      [
        graph(
          'Table writes',
          tables.map(([id, table]) => table.metricConsumedWriteCapacityUnits({ label: id })),
        ),
        graph('SMS', [
          new cloudwatch.Metric({
            namespace: 'AWS/SNS',
            metricName: 'SMSMonthToDateSpentUSD',
            statistic: 'Maximum',
          }),
          metrics.smsCapReached,
        ]),
      ],
    ],
  })
}
