/** Findings of the rule checker that are meant as they are, each with its reason, beside what causes it. */
import { Stack, Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'

/** @param id the exact finding, such as `AwsSolutions-S1` or `AwsSolutions-IAM5[Resource::*]` */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason })
}

/** What the rule checker calls a resource that is only known at deployment: a value of this stack by its reference. */
export function nameInFindings(scope: IConstruct, arn: string): string {
  const resolved = Stack.of(scope).resolve(arn) as { 'Fn::Join': [string, (string | { Ref: string })[]] }
  return resolved['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : `<${part.Ref}>`)).join('')
}
