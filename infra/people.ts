/** Roles for people with the command line. Who may take them on is said by the account: they need sts:AssumeRole on the role. */
import { CfnOutput, Duration, Stack } from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { routeOf } from '../shared/contract/routes.ts'
import type { Api } from './api.ts'
import type { StageConfig } from './config.ts'
import type { Data } from './data.ts'
import { type Deployed, workerOf } from './deployed.ts'
import { stageName } from './firewall.ts'
import { statementsOf } from './grants.ts'
import { acknowledge, nameInFindings } from './nag.ts'
import { people } from './people-access.ts'
import type { Access } from './rights.ts'
import { type PersonId, rolePath } from './roles.ts'
import { acknowledgeCheckpoints } from './step-function.ts'

const duties: Readonly<Record<PersonId, string>> = {
  auditor: 'exports and checks the ledger, changes nothing',
  operator: 'imports identities, redrives, empties dead letters, pauses SMS, runs the sealer',
  support: 'finds a person, sees their state and addresses, unlocks, suspends, signs out, erases',
}

/** With what `access.ts` says of tables, keys and bucket. */
function makeRole(scope: Construct, person: PersonId, data: Data, config: StageConfig): iam.Role {
  const access: Access = people[person]
  const role = new iam.Role(scope, person, {
    description: `Latchkey ${config.stage}: ${duties[person]}`,
    path: rolePath(config.stage, person),
    assumedBy: new iam.AccountRootPrincipal(),
    maxSessionDuration: Duration.hours(1),
  })
  for (const statement of statementsOf(undefined, access, data, config)) role.addToPolicy(statement)
  if (access.bucket) acknowledgeCheckpoints(role)
  new CfnOutput(Stack.of(scope), `Role${person}`, { description: duties[person], value: role.roleArn })
  return role
}

const allow = (role: iam.Role, actions: readonly string[], resources: string[]) =>
  role.addToPolicy(new iam.PolicyStatement({ actions: [...actions], resources }))

/** One ARN a route; the person in its path may be anyone. */
function letCall(role: iam.Role, { calls = [] }: Access, api: Api): void {
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
  allow(role, ['execute-api:Invoke'], resources)
}

/** What `latchkey doctor` and `dead-letters` look at: facts about the stage, of nobody in it. */
function letLook(role: iam.Role, { data, deadLetters }: Deployed): void {
  // The queues name records and hold none.
  allow(
    role,
    ['sqs:ReceiveMessage', 'sqs:PurgeQueue'],
    [...deadLetters.values()].map(({ queueArn }) => queueArn),
  )
  allow(
    role,
    ['kms:DescribeKey'],
    Object.values(data.keys).flatMap((versions) => versions.map(({ arn }) => arn)),
  )
  allow(role, ofAccount, ['*'])
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

/** Who works with tables, keys and workers. */
export class People extends Construct {
  constructor(scope: Construct, id: string, deployed: Deployed, config: StageConfig) {
    super(scope, id)
    makeRole(this, 'auditor', deployed.data, config)
    const operator = makeRole(this, 'operator', deployed.data, config)
    // Sealing stays with the one role that may sign; an operator can only have it done now.
    allow(operator, ['lambda:InvokeFunction'], [workerOf(deployed, 'seal-ledger').function.functionArn])
    letLook(operator, deployed)
  }
}

/** Who has the API and nothing beside it, so the role is in the stack of the API: no other stack has to wait for its id. */
export class Support extends Construct {
  constructor(scope: Construct, id: string, api: Api, data: Data, config: StageConfig) {
    super(scope, id)
    letCall(makeRole(this, 'support', data, config), people.support, api)
  }
}
