/** Roles for people with the command line. Who may take them on is said by the account: they need sts:AssumeRole on the role. */
import { CfnOutput, Duration } from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { people } from './access.ts'
import type { StageConfig } from './config.ts'
import { statementsOf } from './grants.ts'
import type { Access } from './rights.ts'
import { type PersonId, rolePath } from './roles.ts'
import type { ServiceStack } from './service-stack.ts'
import { acknowledgeCheckpoints } from './step-function.ts'

const duties: Readonly<Record<PersonId, string>> = {
  auditor: 'exports and checks the ledger, changes nothing',
  operator: 'imports identities, redrives, runs the sealer',
}

export class People extends Construct {
  constructor(scope: Construct, id: string, { data, functions }: ServiceStack, config: StageConfig) {
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
      if (access.bucket) acknowledgeCheckpoints(role, data)
      const sealer = functions.get('seal-ledger')?.function
      // Sealing stays with the one role that may sign; an operator can only have it done now.
      if (person === 'operator' && sealer)
        role.addToPolicy(
          new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [sealer.functionArn] }),
        )
      new CfnOutput(scope, `Role${person}`, { description: duties[person], value: role.roleArn })
    }
  }
}
