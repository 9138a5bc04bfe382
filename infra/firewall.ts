/** The firewall before the API: size, rate per address, and AWS's rules where they do not look into bodies. */
import { RemovalPolicy } from 'aws-cdk-lib'
import type * as apigateway from 'aws-cdk-lib/aws-apigateway'
import * as logs from 'aws-cdk-lib/aws-logs'
import * as wafv2 from 'aws-cdk-lib/aws-wafv2'
import type { Construct } from 'constructs'
import type { Code } from '../shared/contract/codes.ts'
import { type Route, routes } from '../shared/contract/routes.ts'
import { policy } from '../shared/policy.ts'
import type { StageConfig } from './config.ts'
import { envelope, refusalHeaders, refusalOf, statusOf } from './envelope.ts'

/** Requests of one address in `windowSeconds`; the steps keep the limits that are exact. */
export const firewallRates = { windowSeconds: 300, secrets: 300, all: 2000 } as const

/** Public routes that send messages or compare secrets. */
export const guardedPaths: readonly string[] = (Object.values(routes) as Route[])
  .filter((route) => route.access === 'public' && ['send', 'guess'].includes(route.throttle))
  .map((route) => route.path)
  .sort()

/** The firewall cannot put a request id into an answer. */
const requestId = 'firewall'

function block(code: Code, crossOrigin: boolean): wafv2.CfnWebACL.RuleActionProperty {
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
const visible = (metricName: string): wafv2.CfnWebACL.VisibilityConfigProperty => ({
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
  metricName,
})

const bodyTooLarge = (crossOrigin: boolean): Omit<wafv2.CfnWebACL.RuleProperty, 'priority'> => ({
  name: 'body-size',
  action: block('BODY_TOO_LARGE', crossOrigin),
  visibilityConfig: visible('body-size'),
  statement: {
    sizeConstraintStatement: {
      // A body past what the firewall reads is larger than the limit in any case.
      fieldToMatch: { body: { oversizeHandling: 'MATCH' } },
      comparisonOperator: 'GT',
      size: policy.bodyMaxBytes,
      textTransformations: [{ priority: 0, type: 'NONE' }],
    },
  },
})

const endsWith = (path: string): wafv2.CfnWebACL.StatementProperty => ({
  byteMatchStatement: {
    // The stage's name may stand before the path.
    fieldToMatch: { uriPath: {} },
    positionalConstraint: 'ENDS_WITH',
    searchString: path,
    textTransformations: [{ priority: 0, type: 'NONE' }],
  },
})

function rate(
  name: string,
  limit: number,
  crossOrigin: boolean,
  paths?: readonly string[],
): Omit<wafv2.CfnWebACL.RuleProperty, 'priority'> {
  return {
    name,
    action: block('RATE_LIMITED', crossOrigin),
    visibilityConfig: visible(name),
    statement: {
      rateBasedStatement: {
        aggregateKeyType: 'IP',
        limit,
        evaluationWindowSec: firewallRates.windowSeconds,
        ...(paths && { scopeDownStatement: { orStatement: { statements: paths.map(endsWith) } } }),
      },
    },
  }
}

/**
 * AWS's rule groups. Rules that look into bodies only count: people choose what their passwords hold, and a refusal
 * for it would come and go with AWS's patterns. Clients need no user agent either.
 */
export const managedGroups: readonly { readonly name: string; readonly counted: readonly string[] }[] = [
  { name: 'AWSManagedRulesAmazonIpReputationList', counted: [] },
  {
    name: 'AWSManagedRulesKnownBadInputsRuleSet',
    counted: ['JavaDeserializationRCE_BODY', 'Log4JRCE_BODY', 'ReactJSRCE_BODY'],
  },
  {
    name: 'AWSManagedRulesCommonRuleSet',
    counted: [
      'CrossSiteScripting_BODY',
      'EC2MetaDataSSRF_BODY',
      'GenericLFI_BODY',
      'GenericRFI_BODY',
      'NoUserAgent_HEADER',
      'SizeRestrictions_BODY',
    ],
  },
]

const managed = ({
  name,
  counted,
}: (typeof managedGroups)[number]): Omit<wafv2.CfnWebACL.RuleProperty, 'priority'> => ({
  name,
  overrideAction: { none: {} },
  visibilityConfig: visible(name),
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name,
      ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
    },
  },
})

/** Lines of what was blocked, without the headers that hold secrets. The name's start is AWS's rule. */
function logBlocked(scope: Construct, config: StageConfig, acl: wafv2.CfnWebACL): void {
  const logGroup = new logs.LogGroup(scope, 'FirewallLog', {
    logGroupName: `aws-waf-logs-latchkey-${config.stage}`,
    retention: config.logRetentionDays,
    removalPolicy: RemovalPolicy.RETAIN,
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

/** Puts the firewall before a stage of the API. */
export function addFirewall(scope: Construct, config: StageConfig, stage: apigateway.Stage): wafv2.CfnWebACL {
  const crossOrigin = config.allowedOrigins.length > 0
  const rules = [
    bodyTooLarge(crossOrigin),
    rate('rate-secrets', firewallRates.secrets, crossOrigin, guardedPaths),
    rate('rate-all', firewallRates.all, crossOrigin),
    ...managedGroups.map(managed),
  ]
  const body = (code: Code) => ({
    contentType: 'APPLICATION_JSON',
    content: envelope(refusalOf(code, firewallRates.windowSeconds), requestId),
  })
  const acl = new wafv2.CfnWebACL(scope, 'Firewall', {
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    visibilityConfig: visible(`latchkey-${config.stage}`),
    customResponseBodies: {
      BODY_TOO_LARGE: body('BODY_TOO_LARGE'),
      RATE_LIMITED: body('RATE_LIMITED'),
    },
    rules: rules.map((rule, priority) => ({ ...rule, priority })),
  })
  new wafv2.CfnWebACLAssociation(scope, 'FirewallAssociation', {
    resourceArn: stage.stageArn,
    webAclArn: acl.attrArn,
  })
  logBlocked(scope, config, acl)
  return acl
}
