/** Throttling of the pages: static files, so a rate for each address is all there is to hold. */
import * as wafv2 from 'aws-cdk-lib/aws-wafv2'
import type { Construct } from 'constructs'
import type { StageConfig } from './config.ts'
import { firewallRates, logBlocked, rate, refusalBodies, visible } from './firewall-rules.ts'

/** @returns the firewall, for CloudFront: the stack has to be in its Region */
export function makePagesFirewall(scope: Construct, config: StageConfig): wafv2.CfnWebACL {
  const name = `latchkey-${config.stage}-pages`
  const acl = new wafv2.CfnWebACL(scope, 'Firewall', {
    scope: 'CLOUDFRONT',
    defaultAction: { allow: {} },
    visibilityConfig: visible(name),
    customResponseBodies: refusalBodies('RATE_LIMITED'),
    rules: [{ ...rate('rate-all', config.firewallRates.all ?? firewallRates.all, false), priority: 0 }],
  })
  logBlocked(scope, config, acl, name)
  return acl
}
