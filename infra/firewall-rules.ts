/** Parts of a firewall that both the API's and the pages' are made of. */
import * as logs from 'aws-cdk-lib/aws-logs'
import * as wafv2 from 'aws-cdk-lib/aws-wafv2'
import type { Construct } from 'constructs'
import type { Code } from '../shared/contract/codes.ts'
import type { StageConfig } from './config.ts'
import { envelope, refusalHeaders, refusalOf, statusOf } from './envelope.ts'
import { keeping } from './keeping.ts'

/** Requests of one address in `windowSeconds`; the steps keep the limits that are exact. */
export const firewallRates = { windowSeconds: 300, secrets: 300, all: 2000 } as const

/** By which CloudWatch knows the firewall before the API. */
export const firewallName = (stage: string): string => `latchkey-${stage}`

export type Rule = Omit<wafv2.CfnWebACL.RuleProperty, 'priority'>

/**
 * AWS does not document whether API Gateway leads `/auth/%6cogin`, `/auth//login` or `/auth/login/` to the route or to
 * `{proxy+}` (404 there), and WAF sees the path as it was typed: so every spelling counts that some decoding would make the
 * route's. What counts too much was a 404 anyway.
 */
export const spelledAnyWay: readonly wafv2.CfnWebACL.TextTransformationProperty[] = [
  { priority: 0, type: 'URL_DECODE' },
  // Once more, for what was encoded twice; the same transformation may not be named twice.
  { priority: 1, type: 'URL_DECODE_UNI' },
  // Slashes of either kind in a row, `.` and `..`.
  { priority: 2, type: 'NORMALIZE_PATH_WIN' },
]

/** The firewall cannot put a request id into an answer. */
const requestId = 'firewall'

export function block(code: Code, crossOrigin: boolean): wafv2.CfnWebACL.RuleActionProperty {
  const refusal = refusalOf(code, firewallRates.windowSeconds)
  return {
    block: {
      customResponse: {
        responseCode: statusOf(code),
        customResponseBodyKey: code,
        responseHeaders: Object.entries(refusalHeaders(refusal, crossOrigin)).map(([name, value]) => ({
          name,
          value,
        })),
      },
    },
  }
}

/** Sampled requests would show Authorization headers in the console. */
export const visible = (metricName: string): wafv2.CfnWebACL.VisibilityConfigProperty => ({
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
  metricName,
})

/** Blocks an address for as long as it asks too often. */
export function rate(
  name: string,
  limit: number,
  crossOrigin: boolean,
  scopeDownStatement?: wafv2.CfnWebACL.StatementProperty,
): Rule {
  return {
    name,
    action: block('RATE_LIMITED', crossOrigin),
    visibilityConfig: visible(name),
    statement: {
      rateBasedStatement: {
        aggregateKeyType: 'IP',
        limit,
        evaluationWindowSec: firewallRates.windowSeconds,
        ...(scopeDownStatement && { scopeDownStatement }),
      },
    },
  }
}

/** Bodies of the refusals, by the code that names them. */
export const refusalBodies = (...codes: readonly Code[]) =>
  Object.fromEntries(
    codes.map((code) => [
      code,
      {
        contentType: 'APPLICATION_JSON',
        content: envelope(refusalOf(code, firewallRates.windowSeconds), requestId),
      },
    ]),
  )

/** Lines of what was blocked, without the headers that hold secrets. The name's start is AWS's rule. */
export function logBlocked(
  scope: Construct,
  config: StageConfig,
  acl: wafv2.CfnWebACL,
  name = firewallName(config.stage),
): void {
  const logGroup = new logs.LogGroup(scope, 'FirewallLog', {
    logGroupName: `aws-waf-logs-${name}`,
    retention: config.logRetentionDays,
    removalPolicy: keeping(config),
  })
  new wafv2.CfnLoggingConfiguration(scope, 'FirewallLogging', {
    resourceArn: acl.attrArn,
    logDestinationConfigs: [logGroup.logGroupArn],
    redactedFields: [
      { singleHeader: { Name: 'authorization' } },
      { singleHeader: { Name: 'cookie' } },
      { queryString: {} },
    ],
    loggingFilter: {
      DefaultBehavior: 'DROP',
      Filters: [
        {
          Behavior: 'KEEP',
          Requirement: 'MEETS_ANY',
          Conditions: [{ ActionCondition: { Action: 'BLOCK' } }],
        },
      ],
    },
  })
}
