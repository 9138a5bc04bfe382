/** One page: is it up, do codes arrive, is the ledger sealed, what is it asked for. */
import { Duration } from 'aws-cdk-lib'
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'
import { streamSources } from '../shared/event-sources.ts'
import type { LogMetricId } from './log-metrics.ts'
import type { FunctionId } from './roles.ts'
import type { ServiceStack } from './service-stack.ts'

const period = Duration.minutes(5)
const graph = (title: string, left: cloudwatch.IMetric[], right: cloudwatch.IMetric[] = []) =>
  new cloudwatch.GraphWidget({ title, left, right, width: 12, period })

/** Puts the dashboard together from the stack's own metrics. */
export function addDashboard(
  scope: Construct,
  { api, functions, data }: ServiceStack,
  metrics: Readonly<Record<LogMetricId, cloudwatch.Metric>>,
  alarms: cloudwatch.IAlarm[],
): void {
  const of = (ids: readonly string[], metric: string, statistic: string) =>
    ids.flatMap((id) => {
      const made = functions.get(id as FunctionId)?.function
      return made ? [made.metric(metric, { statistic, label: id, period })] : []
    })
  const all = [...functions.keys()]
  const { rest } = api
  const tables = Object.entries(data.tables)
  new cloudwatch.Dashboard(scope, 'Dashboard', {
    defaultInterval: Duration.hours(12),
    widgets: [
      [new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms, width: 24 })],
      [
        graph(
          'Requests',
          [rest.metricCount()],
          [rest.metricClientError(), rest.metricServerError(), api.refusals],
        ),
        graph('Latency', [
          rest.metricLatency({ statistic: 'p50' }),
          rest.metricLatency({ statistic: 'p99' }),
        ]),
      ],
      [
        graph('Streams: how far behind, ms', of(Object.keys(streamSources), 'IteratorAge', 'Maximum')),
        graph('Outbox: oldest row, s', [metrics.outboxOldestSeconds], [metrics.checkpointsSealed]),
      ],
      [
        graph('Function errors', of(all, 'Errors', 'Sum')),
        graph('Function duration p99, ms', of(all, 'Duration', 'p99')),
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
