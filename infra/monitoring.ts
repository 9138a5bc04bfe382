/** Alarms, the topic they go to, and the dashboard. */
import { Aws } from 'aws-cdk-lib'
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as sns from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Construct } from 'constructs'
import { watchAccount } from './account-watch.ts'
import { type AlarmRow, alarmRows } from './alarms.ts'
import { addFigures } from './business-figures.ts'
import type { StageConfig } from './config.ts'
import { addDashboard } from './dashboard.ts'
import { type Deployed, workerOf } from './deployed.ts'
import { addLogMetric, type LogMetric, type LogMetricId, logMetrics } from './log-metrics.ts'

const { ComparisonOperator, TreatMissingData } = cloudwatch

function addAlarm(scope: Construct, topic: sns.Topic, stage: string, row: AlarmRow): cloudwatch.Alarm {
  const alarm = new cloudwatch.Alarm(scope, row.id, {
    alarmDescription: `Latchkey ${stage}: see docs/runbook.md#${row.id}`,
    metric: row.metric,
    threshold: row.threshold,
    evaluationPeriods: row.periods ?? 1,
    comparisonOperator: row.below
      ? ComparisonOperator.LESS_THAN_THRESHOLD
      : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: row.missingIsBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  })
  const action = new SnsAction(topic)
  alarm.addAlarmAction(action)
  alarm.addOkAction(action)
  return alarm
}

function addTopic(scope: Construct, config: StageConfig): sns.Topic {
  const topic = new sns.Topic(scope, 'Topic', {
    displayName: `${config.product} ${config.stage} alarms`,
    enforceSSL: true,
  })
  topic.addSubscription(new EmailSubscription(config.alarmEmail))
  // A policy of its own takes the place of the default one, which would have let alarms in.
  topic.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: ['cloudwatch', 'events'].map(
        (service) => new iam.ServicePrincipal(`${service}.amazonaws.com`),
      ),
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      // Both speak for every account: without it anybody's alarm or rule could cry wolf here.
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  )
  return topic
}

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
    const rows = alarmRows(deployed, metrics, config)
    const alarms = rows.map((row) => addAlarm(this, topic, config.stage, row))
    watchAccount(this, deployed.data, config, topic)
    addDashboard(this, config.stage, deployed, metrics, alarms)
  }
}
