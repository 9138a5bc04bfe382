/**
 * The pages at `origin`: a private bucket behind CloudFront. In the Region where CloudFront looks for its certificate and
 * firewall, and tied to the other stacks by settings alone, so that one `cdk deploy --all` does in any Region.
 */

import { fileURLToPath } from 'node:url'
import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib'
import * as acm from 'aws-cdk-lib/aws-certificatemanager'
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront'
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets'
import * as s3 from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { pageHeaders } from '../web/page-headers.ts'
import { notFoundFile } from '../web/paths.ts'
import type { StageConfig } from './config.ts'
import { addRecords } from './domain.ts'
import { keeping } from './keeping.ts'
import { acknowledge } from './nag.ts'
import { apiOrigin } from './pages-files.ts'
import { makePagesFirewall } from './pages-firewall.ts'
import { responseHeaders } from './pages-headers.ts'
import { uploadPages } from './pages-upload.ts'

/** How long CloudFront answers by itself after a deployment; browsers ask it each time. */
const edgeSeconds = Duration.seconds(60)

type Pages = NonNullable<StageConfig['pages']>

export class PagesStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    config: StageConfig,
    pages: Pages,
    folder: string,
    props: StackProps,
  ) {
    super(scope, id, props)
    const bucket = this.makeBucket(config)
    const distribution = this.makeDistribution(config, pages, bucket)
    uploadPages(this, config, bucket, folder)
    if (pages.hostedZone)
      addRecords(this, hostOf(config), pages.hostedZone, new CloudFrontTarget(distribution))
    new CfnOutput(this, 'PagesDomain', { value: distribution.distributionDomainName })
  }

  private makeBucket(config: StageConfig): s3.IBucket {
    const bucket = new s3.Bucket(this, 'Bucket', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: keeping(config),
      ...(config.disposable && { autoDeleteObjects: true }),
    })
    acknowledge(bucket, 'AwsSolutions-S1', 'It holds what anybody may read, and only CloudFront reads it.')
    // The library's own types do not stand `exactOptionalPropertyTypes`.
    return bucket as s3.IBucket
  }

  private makeDistribution(config: StageConfig, pages: Pages, bucket: s3.IBucket): cloudfront.Distribution {
    const distribution = new cloudfront.Distribution(this, 'Distribution', {
      comment: `Latchkey ${config.stage}: pages`,
      domainNames: [hostOf(config)],
      certificate: acm.Certificate.fromCertificateArn(this, 'Certificate', pages.certificateArn),
      minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2025,
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      webAclId: makePagesFirewall(this, config).attrArn,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(bucket),
        viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        allowedMethods: cloudfront.AllowedMethods.ALLOW_GET_HEAD,
        cachePolicy: this.cachePolicy(),
        responseHeadersPolicy: responseHeaders(this, pageHeaders(apiOrigin(config))),
        functionAssociations: [
          { function: this.pagePath(), eventType: cloudfront.FunctionEventType.VIEWER_REQUEST },
        ],
      },
      // The bucket answers 403 for what is not there, because nobody may list it.
      errorResponses: [
        { httpStatus: 403, responseHttpStatus: 404, responsePagePath: `/${notFoundFile}`, ttl: edgeSeconds },
      ],
    })
    acknowledge(distribution, 'AwsSolutions-CFR1', 'People recover from wherever they are.')
    acknowledge(distribution, 'AwsSolutions-CFR3', 'Who looked at a page of recovery need not be recorded.')
    return distribution
  }

  /** The address decides alone: a language in the query changes nothing that is sent. */
  private cachePolicy(): cloudfront.CachePolicy {
    return new cloudfront.CachePolicy(this, 'Caching', {
      minTtl: edgeSeconds,
      defaultTtl: edgeSeconds,
      maxTtl: Duration.days(365),
      enableAcceptEncodingBrotli: true,
      enableAcceptEncodingGzip: true,
    })
  }

  private pagePath(): cloudfront.Function {
    return new cloudfront.Function(this, 'PagePath', {
      runtime: cloudfront.FunctionRuntime.JS_2_0,
      code: cloudfront.FunctionCode.fromFile({
        filePath: fileURLToPath(new URL('page-path.js', import.meta.url)),
      }),
    })
  }
}

const hostOf = ({ origin }: StageConfig) => new URL(origin).host
