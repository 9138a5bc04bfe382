/** What AWS tells in one Region alone, whatever that of the stage is: roles (IAM), and the certificate of CloudFront. */
import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { watchAccount } from './account-watch.ts'
import type { AlarmRow } from './alarm-row.ts'
import { addAlarm, addTopic } from './alarm-topic.ts'
import { cloudFrontRegion, type StageConfig } from './config.ts'
import { certificateAlarm } from './door-alarms.ts'
import { watchedRoles } from './watched-calls.ts'

/** Whether the stage is known to be elsewhere. One that names no Region watches in its own, where it is the one by chance. */
export const isAbroad = ({ region }: Pick<StageConfig, 'region'>): boolean =>
  region !== undefined && region !== cloudFrontRegion

/** Alarms of that Region. */
export const abroadAlarms = ({ pages }: StageConfig): AlarmRow[] =>
  pages ? [certificateAlarm('pages-certificate-expiring', pages.certificateArn)] : []

/** With a topic of its own: an alarm tells none of another Region. */
export class AbroadStack extends Stack {
  constructor(scope: Construct, id: string, config: StageConfig, props: StackProps) {
    super(scope, id, props)
    const topic = addTopic(this, config)
    for (const row of abroadAlarms(config)) addAlarm(this, topic, config.stage, row)
    watchAccount(this, watchedRoles, { config }, topic)
  }
}
