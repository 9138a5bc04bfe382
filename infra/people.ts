/** Roles for people with the command line. Who may take them on is said by the account: they need sts:AssumeRole on the role. */
import { CfnOutput, Duration } from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { routeOf } from '../shared/contract/routes.ts'
import { people } from './access.ts'
import type { Api } from './api.ts'
import type { StageConfig } from './config.ts'
import type { DataStack } from './data-stack.ts'
import { stageName } from './firewall.ts'
import { statementsOf } from './grants.ts'
import { acknowledge } from './nag.ts'
import type { Access } from './rights.ts'
import { type PersonId, rolePath } from './roles.ts'
import type { ServiceStack } from './service-stack.ts'
import { acknowledgeCheckpoints, nameInFindings } from './step-function.ts'
import type { Workers } from './workers.ts'

const duties: Readonly<Record<PersonId, string>> = {
  auditor: 'exports and checks the ledger, changes nothing',
  operator: 'imports identities, redrives, empties dead letters, pauses SMS, runs the sealer',
  support: 'finds a person, sees their state, unlocks, suspends, signs out, erases',
}

/** One ARN a route; the person in its path may be anyone. */
function callsOf({ calls = [] }: Access, api: Api, role: iam.Role): iam.PolicyStatement[] {
  if (calls.length === 0) return []
  const resources = calls.map((id) => {
    const { method, path } = routeOf(id)
    return api.rest.arnForExecuteApi(method, path.replaceAll(/\{\w+\}/g, '*'), stageName)
  })
  for (const resource of resources.filter((arn) => arn.includes('/*')))
    acknowledge(
      role,
      `AwsSolutions-IAM5[Resource::${nameInFindings(role, resource)}]`,
      'Support helps whoever asks; which route is named, and each act is an entry.',
    )
  return [new iam.PolicyStatement({ actions: ['execute-api:Invoke'], resources })]
}

/** What `latchkey doctor` and `dead-letters` look at: facts about the stage, of nobody in it. */
function letLook(role: iam.Role, data: DataStack, { deadLetters }: Workers): void {
  const allow = (actions: string[], resources: string[]) =>
    role.addToPolicy(new iam.PolicyStatement({ actions, resources }))
  // The queues name records and hold none.
  allow(
    ['sqs:ReceiveMessage', 'sqs:PurgeQueue'],
    [...deadLetters.values()].map(({ queueArn }) => queueArn),
  )
  allow(
    ['dynamodb:DescribeTable'],
    Object.values(data.tables).map(({ tableArn }) => tableArn),
  )
  allow(
    ['kms:DescribeKey'],
    Object.values(data.keys).flatMap((versions) => versions.map(({ keyArn }) => keyArn)),
  )
  allow([...ofAccount], ['*'])
  acknowledge(
    role,
    'AwsSolutions-IAM5[Resource::*]',
    'Quotas and sandboxes are of the account: no resource can be named.',
  )
}

const ofAccount = [
  'cloudwatch:GetMetricStatistics',
  'ses:GetIdentityVerificationAttributes',
  'ses:GetSendQuota',
  'sns:GetSMSAttributes',
  'sns:GetSMSSandboxAccountStatus',
] as const

export class People extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { data, functions, api, workers }: ServiceStack,
    config: StageConfig,
  ) {
    super(scope, id)
    for (const person of Object.keys(people) as PersonId[]) {
      const access: Access = people[person]
      const role = new iam.Role(this, person, {
        description: `Latchkey ${config.stage}: ${duties[person]}`,
        path: rolePath(config.stage, person),
        assumedBy: new iam.AccountRootPrincipal(),
        maxSessionDuration: Duration.hours(1),
      })
      for (const statement of statementsOf(undefined, access, data, config)) role.addToPolicy(statement)
      for (const statement of callsOf(access, api, role)) role.addToPolicy(statement)
      if (access.bucket) acknowledgeCheckpoints(role, data)
      const sealer = functions.get('seal-ledger')?.function
      // Sealing stays with the one role that may sign; an operator can only have it done now.
      if (person === 'operator' && sealer)
        role.addToPolicy(
          new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [sealer.functionArn] }),
        )
      if (person === 'operator') letLook(role, data, workers)
      new CfnOutput(scope, `Role${person}`, { description: duties[person], value: role.roleArn })
    }
  }
}
