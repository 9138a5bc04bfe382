/** Where alarms and notices go: a topic, whose mails the deployer's address confirms once. */
import { Aws } from 'aws-cdk-lib'
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as sns from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { Construct } from 'constructs'
import type { AlarmRow } from './alarm-row.ts'
import type { StageConfig } from './config.ts'
import { alarmText } from './mail-text.ts'

const { ComparisonOperator, TreatMissingData } = cloudwatch

export function addAlarm(scope: Construct, topic: sns.Topic, stage: string, row: AlarmRow): cloudwatch.Alarm {
  const alarm = new cloudwatch.Alarm(scope, row.id, {
    alarmDescription: alarmText(stage, row.id),
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

export function addTopic(scope: Construct, config: StageConfig): sns.Topic {
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
