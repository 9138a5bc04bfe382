/** Alarms, notices, and the dashboard. */
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import { abroadAlarms, isAbroad } from './abroad-stack.ts'
import { watchAccount } from './account-watch.ts'
import { addAlarm, addTopic } from './alarm-topic.ts'
import { alarmRows } from './alarms.ts'
import { addFigures } from './business-figures.ts'
import type { StageConfig } from './config.ts'
import { addDashboard } from './dashboard.ts'
import { type Deployed, workerOf } from './deployed.ts'
import { addLogMetric, type LogMetric, type LogMetricId, logMetrics } from './log-metrics.ts'
import { watchedCalls, watchedRoles } from './watched-calls.ts'

function metricsOf(
  scope: Construct,
  deployed: Deployed,
  stage: string,
): Record<LogMetricId, cloudwatch.Metric> {
  const entries = Object.entries(logMetrics).map(([id, metric]: [string, LogMetric]) => {
    const { log } = workerOf(deployed, metric.function)
    return [id, addLogMetric(scope, stage, metric, log)] as const
  })
  return Object.fromEntries(entries) as Record<LogMetricId, cloudwatch.Metric>
}

export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, deployed: Deployed, config: StageConfig) {
    super(scope, id)
    const topic = addTopic(this, config)
    const metrics = metricsOf(this, deployed, config.stage)
    addFigures(this, config.stage, workerOf(deployed, 'append-ledger').log)
    const isHere = !isAbroad(config)
    const rows = [...alarmRows(deployed, metrics, config), ...(isHere ? abroadAlarms(config) : [])]
    const alarms = rows.map((row) => addAlarm(this, topic, config.stage, row))
    const calls = [...watchedCalls, ...(isHere ? watchedRoles : [])]
    watchAccount(this, calls, { config, deployed, topicArn: topic.topicArn }, topic)
    addDashboard(this, config.stage, deployed, metrics, alarms)
  }
}
