/** Paths of the functions' roles. Resource and key policies name a role by its path, so no role needs a fixed name. */
import { Aws } from 'aws-cdk-lib'
import type { StepId, WorkerId } from '../shared/contract/routes.ts'

/** The function that puts the stored decoy identity; run by CloudFormation alone. */
export const setUpFunction = 'put-decoy'
/** Stands before a team's own API, in a stack of theirs (infra/authorizer.ts). */
export const authorizer = 'authorize'
/** Recovers a person of its own from outside, where the stage has one (infra/canary.ts). */
export const canary = 'canary'
export type FunctionId = StepId | WorkerId | typeof setUpFunction | typeof authorizer | typeof canary
/** People, by what they do. */
export const personIds = ['auditor', 'support', 'operator', 'importer'] as const
export type PersonId = (typeof personIds)[number]

/** IAM path of a role of this stage. */
export const rolePath = (stage: string, id: FunctionId | PersonId) => `/latchkey-${stage}/${id}/`

/** Pattern of the ARN that `aws:PrincipalArn` holds for the role, whatever name it was given. */
export const roleArnPattern = (stage: string, id: FunctionId | PersonId) =>
  `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role${rolePath(stage, id)}*`
