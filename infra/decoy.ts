/** The identity that is read in place of unknown ones (G1): put once at deployment, by the code the local stack uses too. */
import { CustomResource } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { StageConfig } from './config.ts'
import type { Data } from './data.ts'
import { setUpFunction } from './roles.ts'
import { type CodeOf, StepFunction } from './step-function.ts'

/** Raise it when the decoy's shape changes: CloudFormation runs the function again. */
const decoyVersion = 1

export function addDecoy(scope: Construct, data: Data, config: StageConfig, codeOf: CodeOf): void {
  const made = new StepFunction(scope, { id: setUpFunction, code: codeOf(setUpFunction), data, config })
  const decoy = new CustomResource(scope, 'Decoy', {
    resourceType: 'Custom::Decoy',
    serviceToken: made.function.functionArn,
    properties: { version: decoyVersion },
  })
  decoy.node.addDependency(made.role)
}
