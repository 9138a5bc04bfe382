/** Tells of calls that CloudTrail saw. Needs a trail in the account. */
import { Annotations } from 'aws-cdk-lib'
import * as events from 'aws-cdk-lib/aws-events'
import * as targets from 'aws-cdk-lib/aws-events-targets'
import * as sns from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import type { StageConfig } from './config.ts'
import { noticeText } from './mail-text.ts'
import type { NoticeId } from './notice-words.ts'

/** A value, or a test of one, in EventBridge's words. */
type Test = string | Readonly<Record<string, string>>
/** Which of a call's parameters names what is ours. */
interface Parameters {
  readonly [name: string]: readonly Test[] | Parameters
}

/** What of a service's calls is meant. One rule each. */
export interface Meant {
  /** Absent: any call. */
  readonly parameters?: Parameters
  /** Not what CloudFormation does itself: a deployment would tell of each. */
  readonly byHand?: true
}

/** @typeParam Of what a row needs to know of the stage */
export interface Watched<Of> {
  /** Several rows of one id have one entry in the runbook. */
  readonly id: NoticeId
  readonly service: string
  readonly calls: readonly Test[]
  /** Absent: any of the account. */
  readonly meant?: (stage: Of) => readonly Meant[]
}

/** CloudFormation's calls come from there, whoever deploys. */
const cloudFormation = 'cloudformation.amazonaws.com'

const pattern = ({ service, calls }: Watched<never>, { parameters, byHand }: Meant): events.EventPattern => ({
  source: [`aws.${service}`],
  detailType: ['AWS API Call via CloudTrail'],
  detail: {
    eventSource: [`${service}.amazonaws.com`],
    eventName: [...calls],
    ...(byHand && { sourceIPAddress: [{ 'anything-but': [cloudFormation] }] }),
    ...(parameters && { requestParameters: parameters }),
  },
})

/**
 * Tells the topic of each such call, with who made it.
 * @param rows what is watched
 * @param stage of which
 * @param topic lets the rules of this account in by its own policy
 */
export function watchAccount<Of extends { readonly config: StageConfig }>(
  scope: Construct,
  rows: readonly Watched<Of>[],
  stage: Of,
  { topicArn }: sns.ITopic,
): void {
  // As a topic of elsewhere: to one of the app CDK would add leave for the rules of every account.
  const topic = sns.Topic.fromTopicArn(scope, 'Told', topicArn)
  const field = (path: string) => events.EventField.fromPath(path)
  const made = new Map<string, number>()
  for (const watched of rows) {
    const { id, meant } = watched
    const what = `${field('$.detail.eventName')} by ${field('$.detail.userIdentity.arn')} at ${field('$.time')}`
    const message = events.RuleTargetInput.fromText(noticeText(stage.config.stage, id, what))
    for (const each of meant?.(stage) ?? [{}]) {
      const count = (made.get(id) ?? 0) + 1
      made.set(id, count)
      const rule = new events.Rule(scope, count === 1 ? id : `${id}-${count}`, {
        description: `docs/runbook.md#${id}`,
        eventPattern: pattern(watched, each),
        targets: [new targets.SnsTopic(topic, { message })],
      })
      // `cdk deploy --strict` takes no warning: CDK cannot know that the topic's address is one of here.
      Annotations.of(rule).acknowledgeWarning('@aws-cdk/aws-events:ruleUnresolvedEnvironment')
    }
  }
}
