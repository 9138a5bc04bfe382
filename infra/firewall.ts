/** The firewall before the API: size, rate per address, and AWS's rules where they do not look into bodies. */
import type * as apigateway from 'aws-cdk-lib/aws-apigateway'
import * as wafv2 from 'aws-cdk-lib/aws-wafv2'
import type { Construct } from 'constructs'
import { type Route, routes } from '../shared/contract/routes.ts'
import { stageName } from '../shared/contract/stops.ts'
import { policy } from '../shared/policy.ts'
import type { StageConfig } from './config.ts'
import {
  block,
  firewallName,
  firewallRates,
  logBlocked,
  type Rule,
  rate,
  refusalBodies,
  spelledAnyWay,
  visible,
} from './firewall-rules.ts'
import { stopRule } from './flow-stops.ts'

export { stageName }

/** Public routes that send messages or compare secrets. */
export const guardedPaths: readonly string[] = (Object.values(routes) as Route[])
  .filter((route) => route.access === 'public' && ['send', 'guess'].includes(route.throttle))
  .map((route) => route.path)
  .sort()

const bodyTooLarge = (crossOrigin: boolean): Rule => ({
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

/** WAF takes this many characters of a pattern. */
const patternMaxLength = 512

/** @returns as few patterns as hold all paths: each costs capacity for itself and for its transformations. */
export function patternsOf(paths: readonly string[]): string[] {
  // The stage's name may stand before the path, and slashes after it.
  const patternOf = (some: readonly string[]) => `(${some.join('|')})/*$`
  const groups: string[][] = [[]]
  for (const path of paths) {
    const group = groups.at(-1) ?? []
    if (patternOf([...group, path]).length > patternMaxLength) groups.push([path])
    else group.push(path)
  }
  return groups.map(patternOf)
}

/** Matches a path however it is spelled. */
const asTyped = (regexString: string): wafv2.CfnWebACL.StatementProperty => ({
  regexMatchStatement: {
    fieldToMatch: { uriPath: {} },
    regexString,
    textTransformations: [...spelledAnyWay],
  },
})

/**
 * Requests to the admin routes, which a team's backend makes from one address, thousands of them: IAM stands before those.
 * Only where the path begins so as it was typed and also in its last decoding: what is led elsewhere on its way is counted.
 */
const onAdminPaths: wafv2.CfnWebACL.StatementProperty = {
  andStatement: {
    statements: [
      {
        regexMatchStatement: {
          fieldToMatch: { uriPath: {} },
          regexString: `^(/${stageName})?/admin/`,
          textTransformations: [{ priority: 0, type: 'NONE' }],
        },
      },
      asTyped(`^(/${stageName})?/admin/`),
    ],
  },
}

/** Requests to any of the paths. */
function onPaths(paths: readonly string[]): wafv2.CfnWebACL.StatementProperty {
  const statements = patternsOf(paths).map(asTyped)
  // WAF wants two statements at least in an OR.
  return statements.length > 1 ? { orStatement: { statements } } : (statements[0] ?? {})
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

const managed = ({ name, counted }: (typeof managedGroups)[number]): Rule => ({
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

/** Puts the firewall before a stage of the API. @param stops flows that are stopped */
export function addFirewall(
  scope: Construct,
  config: StageConfig,
  stage: apigateway.Stage,
  stops: wafv2.CfnRegexPatternSet,
): wafv2.CfnWebACL {
  const crossOrigin = config.allowedOrigins.length > 0
  const { secrets = firewallRates.secrets, all = firewallRates.all } = config.firewallRates
  const rules = [
    bodyTooLarge(crossOrigin),
    stopRule(stops, crossOrigin),
    rate('rate-secrets', secrets, crossOrigin, onPaths(guardedPaths)),
    rate('rate-all', all, crossOrigin, { notStatement: { statement: onAdminPaths } }),
    ...managedGroups.map(managed),
  ]
  const acl = new wafv2.CfnWebACL(scope, 'Firewall', {
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    visibilityConfig: visible(firewallName(config.stage)),
    customResponseBodies: refusalBodies('BODY_TOO_LARGE', 'RATE_LIMITED', 'UNAVAILABLE'),
    rules: rules.map((rule, priority) => ({ ...rule, priority })),
  })
  new wafv2.CfnWebACLAssociation(scope, 'FirewallAssociation', {
    resourceArn: stage.stageArn,
    webAclArn: acl.attrArn,
  })
  logBlocked(scope, config, acl)
  return acl
}
