/** The headers of the pages as a policy of CloudFront, which has places of its own for those it knows. */
import { Duration } from 'aws-cdk-lib'
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront'
import type { Construct } from 'constructs'

const override = true
type Known = cloudfront.ResponseSecurityHeadersBehavior

/** `max-age=63072000; includeSubDomains` */
function transportSecurity(value: string): NonNullable<Known['strictTransportSecurity']> {
  const seconds = Number(/max-age=([0-9]+)/.exec(value)?.[1])
  return {
    accessControlMaxAge: Duration.seconds(seconds),
    includeSubdomains: value.includes('includeSubDomains'),
    override,
  }
}

const places: Readonly<Record<string, (value: string) => Known>> = {
  'Content-Security-Policy': (contentSecurityPolicy) => ({
    contentSecurityPolicy: { contentSecurityPolicy, override },
  }),
  'Referrer-Policy': (value) => ({
    referrerPolicy: { referrerPolicy: value as cloudfront.HeadersReferrerPolicy, override },
  }),
  'Strict-Transport-Security': (value) => ({ strictTransportSecurity: transportSecurity(value) }),
  'X-Content-Type-Options': () => ({ contentTypeOptions: { override } }),
  'X-Frame-Options': (value) => ({
    frameOptions: { frameOption: value as cloudfront.HeadersFrameOption, override },
  }),
}

export function responseHeaders(
  scope: Construct,
  headers: Readonly<Record<string, string>>,
): cloudfront.ResponseHeadersPolicy {
  const entries = Object.entries(headers)
  return new cloudfront.ResponseHeadersPolicy(scope, 'Headers', {
    comment: 'As web/page-headers.ts says',
    securityHeadersBehavior: Object.assign({}, ...entries.map(([name, value]) => places[name]?.(value))),
    customHeadersBehavior: {
      customHeaders: entries
        .filter(([name]) => !(name in places))
        .map(([header, value]) => ({ header, value, override })),
    },
  })
}
