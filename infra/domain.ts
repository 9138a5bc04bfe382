/** Names of the deployer's own, before the API and the pages. */

import * as apigateway from 'aws-cdk-lib/aws-apigateway'
import * as acm from 'aws-cdk-lib/aws-certificatemanager'
import * as route53 from 'aws-cdk-lib/aws-route53'
import { ApiGateway } from 'aws-cdk-lib/aws-route53-targets'
import type { Construct } from 'constructs'
import type { StageConfig } from './config.ts'

/**
 * Serves the API at the domain; with a hosted zone, its DNS records too.
 * @returns the regional name that the domain has to point to
 */
export function addDomain(
  scope: Construct,
  api: apigateway.RestApi,
  { name, certificateArn, hostedZone }: NonNullable<StageConfig['domain']>,
): string {
  const domain = api.addDomainName('Domain', {
    domainName: name,
    certificate: acm.Certificate.fromCertificateArn(scope, 'Certificate', certificateArn),
    endpointType: apigateway.EndpointType.REGIONAL,
    securityPolicy: apigateway.SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09,
    endpointAccessMode: apigateway.EndpointAccessMode.STRICT,
  })
  if (hostedZone) addRecords(scope, name, hostedZone, new ApiGateway(api))
  return domain.domainNameAliasDomainName
}

type HostedZone = NonNullable<NonNullable<StageConfig['domain']>['hostedZone']>

/** Names the target in its zone, for both kinds of address. */
export function addRecords(
  scope: Construct,
  name: string,
  { id, name: zoneName }: HostedZone,
  alias: route53.IAliasRecordTarget,
): void {
  const zone = route53.HostedZone.fromHostedZoneAttributes(scope, 'Zone', { hostedZoneId: id, zoneName })
  const target = route53.RecordTarget.fromAlias(alias)
  for (const Record of [route53.ARecord, route53.AaaaRecord])
    new Record(scope, Record.name, { zone, recordName: `${name}.`, target })
}
