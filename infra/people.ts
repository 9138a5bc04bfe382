/** Roles for people with the command line. Who may take them on is said by the account: they need sts:AssumeRole on the role. */
import { CfnOutput, Duration } from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { people } from './access.ts'
import type { StageConfig } from './config.ts'
import { type Deployed, workerOf } from './deployed.ts'
import { statementsOf } from './grants.ts'
import type { Access } from './rights.ts'
import { type PersonId, rolePath } from './roles.ts'
import { acknowledgeCheckpoints } from './step-function.ts'

const duties: Readonly<Record<PersonId, string>> = {
  auditor: 'exports and checks the ledger, changes nothing',
  operator: 'imports identities, redrives, runs the sealer, looks after dead letters',
}

function operatorStatements(deployed: Deployed): iam.PolicyStatement[] {
  const sealer = workerOf(deployed, 'seal-ledger').function
  return [
    // Sealing stays with the one role that may sign; an operator can only have it done now.
    new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [sealer.functionArn] }),
    new iam.PolicyStatement({
      actions: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
      resources: [...deployed.deadLetters.values()].map((queue) => queue.queueArn),
    }),
  ]
}

export class People extends Construct {
  constructor(scope: Construct, id: string, deployed: Deployed, config: StageConfig) {
    super(scope, id)
    for (const person of Object.keys(people) as PersonId[]) {
      const access: Access = people[person]
      const role = new iam.Role(this, person, {
        description: `Latchkey ${config.stage}: ${duties[person]}`,
        path: rolePath(config.stage, person),
        assumedBy: new iam.AccountRootPrincipal(),
        maxSessionDuration: Duration.hours(1),
      })
      for (const statement of statementsOf(undefined, access, deployed.data, config))
        role.addToPolicy(statement)
      if (access.bucket) acknowledgeCheckpoints(role)
      if (person === 'operator')
        for (const statement of operatorStatements(deployed)) role.addToPolicy(statement)
      new CfnOutput(scope, `Role${person}`, { description: duties[person], value: role.roleArn })
    }
  }
}
