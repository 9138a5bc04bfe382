/** Findings of the rule checker that are meant as they are, each with its reason, beside what causes it. */
import { Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'

/** @param id the exact finding, such as `AwsSolutions-S1` or `AwsSolutions-IAM5[Resource::*]` */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason })
}
