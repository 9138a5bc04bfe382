/**
 * What an operator stops a flow with: a set of patterns, which a rule of the firewall answers 503 for. The set is changed by the
 * command line and by no deployment, for its template never changes (ADR 0103).
 */
import { Aws } from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as wafv2 from 'aws-cdk-lib/aws-wafv2'
import type { Construct } from 'constructs'
import { nothingStopped } from '../shared/contract/stops.ts'
import { block, type Rule, spelledAnyWay, visible } from './firewall-rules.ts'
import { acknowledge, nameInFindings } from './nag.ts'

/** Name of the rule, and of its metrics. */
export const stopRuleName = 'stopped-flows'

/** A name, so that the role that may change it is in another stack and waits for nothing. */
export const stopsNameOf = (stage: string): string => `latchkey-${stage}-${stopRuleName}`

export const makeStops = (scope: Construct, stage: string): wafv2.CfnRegexPatternSet =>
  new wafv2.CfnRegexPatternSet(scope, 'StoppedFlows', {
    name: stopsNameOf(stage),
    description: 'Changed by latchkey flow stop and latchkey flow start',
    scope: 'REGIONAL',
    regularExpressionList: [...nothingStopped],
  })

/** The same answer for everybody. A browser's question before the request goes through, or no page could read the answer. */
export const stopRule = (stops: wafv2.CfnRegexPatternSet, crossOrigin: boolean): Rule => ({
  name: stopRuleName,
  action: block('UNAVAILABLE', crossOrigin),
  visibilityConfig: visible(stopRuleName),
  statement: {
    andStatement: {
      statements: [
        {
          regexPatternSetReferenceStatement: {
            arn: stops.attrArn,
            fieldToMatch: { uriPath: {} },
            textTransformations: [...spelledAnyWay],
          },
        },
        {
          notStatement: {
            statement: {
              byteMatchStatement: {
                fieldToMatch: { method: {} },
                positionalConstraint: 'EXACTLY',
                searchString: 'OPTIONS',
                textTransformations: [{ priority: 0, type: 'NONE' }],
              },
            },
          },
        },
      ],
    },
  },
})

/** Whoever may change the set can shut routes, and neither open one nor see what is asked of it. */
export function letStop(role: iam.Role, stage: string): void {
  const set = `arn:${Aws.PARTITION}:wafv2:${Aws.REGION}:${Aws.ACCOUNT_ID}:regional/regexpatternset/${stopsNameOf(stage)}/*`
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ['wafv2:GetRegexPatternSet', 'wafv2:UpdateRegexPatternSet'],
      resources: [set],
    }),
  )
  acknowledge(
    role,
    `AwsSolutions-IAM5[Resource::${nameInFindings(role, set)}]`,
    'The set has its name; the id behind it is given by WAF.',
  )
}
