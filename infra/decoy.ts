/** The identity that is read in place of unknown ones (G1): put once at deployment, by the code the local stack uses too. */
import { CustomResource } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { StageConfig } from './config.ts'
import type { DataStack } from './data-stack.ts'
import { setUpFunction } from './roles.ts'
import { type CodeOf, StepFunction } from './step-function.ts'

/** Raise it when the decoy's shape changes: CloudFormation runs the function again. */
const decoyVersion = 1

/** @returns the function that puts the decoy */
export function addDecoy(
  scope: Construct,
  data: DataStack,
  config: StageConfig,
  codeOf: CodeOf,
): StepFunction {
  const made = new StepFunction(scope, { id: setUpFunction, code: codeOf(setUpFunction), data, config })
  const decoy = new CustomResource(scope, 'Decoy', {
    resourceType: 'Custom::Decoy',
    serviceToken: made.function.functionArn,
    properties: { version: decoyVersion },
  })
  decoy.node.addDependency(made.role)
  return made
}
