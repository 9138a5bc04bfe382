/** A domain of the deployer's own before the API. */

import * as apigateway from 'aws-cdk-lib/aws-apigateway'
import * as acm from 'aws-cdk-lib/aws-certificatemanager'
import * as route53 from 'aws-cdk-lib/aws-route53'
import { ApiGateway } from 'aws-cdk-lib/aws-route53-targets'
import type { Construct } from 'constructs'
import type { StageConfig } from './config.ts'

/** Serves the API at the domain; with a hosted zone, its DNS records too. */
export function addDomain(
  scope: Construct,
  api: apigateway.RestApi,
  { name, certificateArn, hostedZone }: NonNullable<StageConfig['domain']>,
): void {
  api.addDomainName('Domain', {
    domainName: name,
    certificate: acm.Certificate.fromCertificateArn(scope, 'Certificate', certificateArn),
    endpointType: apigateway.EndpointType.REGIONAL,
    securityPolicy: apigateway.SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09,
    endpointAccessMode: apigateway.EndpointAccessMode.STRICT,
  })
  if (hostedZone === undefined) return
  const zone = route53.HostedZone.fromHostedZoneAttributes(scope, 'Zone', {
    hostedZoneId: hostedZone.id,
    zoneName: hostedZone.name,
  })
  const target = route53.RecordTarget.fromAlias(new ApiGateway(api))
  for (const Record of [route53.ARecord, route53.AaaaRecord])
    new Record(scope, Record.name, { zone, recordName: `${name}.`, target })
}
