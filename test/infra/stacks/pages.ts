import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { webResponse } from '#local/pages/web.ts'
import type { StageConfig } from '../../../infra/config.ts'
import { pagesOptions } from '../../../infra/pages-files.ts'
import { pageHeaders } from '../../../web/page-headers.ts'
import { pagePaths } from '../../../web/paths.ts'
import { linesOf } from '../policies.ts'
import { ofType, type Stacks } from '../synth.ts'

/** The policy's headers by the names that a browser sees. */
// biome-ignore lint/suspicious/noExplicitAny: read by the names that CloudFormation gives.
function sentHeaders({ SecurityHeadersConfig: known, CustomHeadersConfig: custom }: any): [string, string][] {
  const hsts = known.StrictTransportSecurity
  return [
    ['Content-Security-Policy', known.ContentSecurityPolicy.ContentSecurityPolicy],
    ['Referrer-Policy', known.ReferrerPolicy.ReferrerPolicy],
    [
      'Strict-Transport-Security',
      `max-age=${hsts.AccessControlMaxAgeSec}${hsts.IncludeSubdomains ? '; includeSubDomains' : ''}`,
    ],
    ['X-Content-Type-Options', known.ContentTypeOptions.Override ? 'nosniff' : ''],
    ['X-Frame-Options', known.FrameOptions.FrameOption],
    ...custom.Items.map(({ Header, Value }: { Header: string; Value: string }): [string, string] => [
      Header,
      Value,
    ]),
  ]
}

/** As CloudFront runs it: a script of its own, whose `handler` is called. @returns a request to go on with, or a response */
function answered(source: string, uri: string): { readonly uri?: string } {
  const call = `JSON.stringify(handler({ request: { uri: ${JSON.stringify(uri)} } }))`
  return JSON.parse(runInNewContext(`${source}; ${call}`))
}
const rewritten = (source: string, uri: string) => answered(source, uri).uri

export function aboutPages({ pages, service }: Stacks, config: StageConfig): void {
  const only = (type: string) => {
    const found = ofType(pages, type)
    expect(found).toHaveLength(1)
    return found[0]?.[1].Properties
  }
  const distribution = () => only('AWS::CloudFront::Distribution').DistributionConfig

  describe('the pages stack', () => {
    it('is made of exactly this', () => {
      const types = Object.values(pages).map(({ Type }) => Type)
      const counts = Object.fromEntries(
        [...new Set(types)].map((type) => [type, types.filter((each) => each === type).length]),
      )
      expect(counts).toEqual({
        'AWS::CloudFront::CachePolicy': 1,
        'AWS::CloudFront::Distribution': 1,
        'AWS::CloudFront::Function': 1,
        'AWS::CloudFront::OriginAccessControl': 1,
        'AWS::CloudFront::ResponseHeadersPolicy': 1,
        'AWS::IAM::Policy': 1,
        'AWS::IAM::Role': 1,
        'AWS::Lambda::Function': 1,
        // The library gives its function one for each use.
        'AWS::Lambda::LayerVersion': 2,
        'AWS::Logs::LogGroup': 2,
        'AWS::S3::Bucket': 1,
        'AWS::S3::BucketPolicy': 1,
        'AWS::WAFv2::LoggingConfiguration': 1,
        'AWS::WAFv2::WebACL': 1,
        'Custom::CDKBucketDeployment': 2,
      })
    })

    it('waits for no other stack, and no other for it', () => {
      expect(JSON.stringify(pages)).not.toContain('Fn::ImportValue')
      expect(JSON.stringify(service)).not.toContain('latchkey-prod-pages')
    })

    it('keeps its files where CloudFront alone reads them, over TLS', () => {
      expect(only('AWS::S3::Bucket')).toMatchObject({
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      })
      const statements = only('AWS::S3::BucketPolicy').PolicyDocument.Statement
      const said = statements.map(
        // biome-ignore lint/suspicious/noExplicitAny: as above.
        ({ Effect, Action, Principal, Condition }: any) =>
          `${Effect} ${Action} ${Principal.Service ?? Principal.AWS} if ${Object.keys(Object.values(Condition)[0] as object)}`,
      )
      expect(said).toEqual([
        'Deny s3:* * if aws:SecureTransport',
        'Deny s3:* * if s3:TlsVersion',
        'Allow s3:GetObject cloudfront.amazonaws.com if AWS:SourceArn',
      ])
    })

    it('sends the headers that the local stack sends, and the API in the policy', async () => {
      const { ResponseHeadersPolicyConfig } = only('AWS::CloudFront::ResponseHeadersPolicy')
      const sent = Object.fromEntries(sentHeaders(ResponseHeadersPolicyConfig))
      expect(sent).toEqual(pageHeaders('https://api.accounts.example.com'))
      const local = await webResponse(new URL('../../../web/theme', import.meta.url).pathname, {
        method: 'GET',
        target: '/logo.svg',
        headers: [],
        body: Buffer.of(),
        sourceIp: '::1',
      })
      const names = Object.keys(local?.headers ?? {})
      expect([...Object.keys(sent), 'Cache-Control', 'Content-Type', 'x-request-id'].sort()).toEqual(
        names.sort(),
      )
      expect(sent['Content-Security-Policy']).toContain(
        "connect-src 'self' https://api.accounts.example.com;",
      )
      expect(sent['Content-Security-Policy']).toContain("frame-ancestors 'none'")
    })

    it('is answered at `origin`, over TLS 1.2 or later, behind its own firewall', () => {
      const { DefaultCacheBehavior, CustomErrorResponses, ...rest } = distribution()
      expect(rest).toMatchObject({
        Aliases: ['accounts.example.com'],
        ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2025', SslSupportMethod: 'sni-only' },
        HttpVersion: 'http2and3',
        WebACLId: { 'Fn::GetAtt': [ofType(pages, 'AWS::WAFv2::WebACL')[0]?.[0], 'Arn'] },
      })
      expect(DefaultCacheBehavior).toMatchObject({
        AllowedMethods: ['GET', 'HEAD'],
        Compress: true,
        ViewerProtocolPolicy: 'redirect-to-https',
      })
      expect(CustomErrorResponses).toEqual([
        { ErrorCachingMinTTL: 60, ErrorCode: 403, ResponseCode: 404, ResponsePagePath: '/404.html' },
      ])
    })

    it('lets an address ask 2,000 times in five minutes', () => {
      const { Scope, Rules } = only('AWS::WAFv2::WebACL')
      expect([Scope, Rules.length]).toEqual(['CLOUDFRONT', 1])
      expect(Rules[0].Statement.RateBasedStatement).toEqual({
        AggregateKeyType: 'IP',
        EvaluationWindowSec: 300,
        Limit: 2000,
      })
      expect(Rules[0].Action.Block.CustomResponse).toMatchObject({ ResponseCode: 429 })
    })

    it('uploads assets first and for good, then pages that are asked for again; removes nothing', () => {
      const uploads = ofType(pages, 'Custom::CDKBucketDeployment') as [string, { DependsOn?: string[] }][]
      const assets = pages[uploads.find(([id]) => id.startsWith('Assets'))?.[0] ?? '']
      const html = pages[uploads.find(([id]) => id.startsWith('Html'))?.[0] ?? '']
      expect(assets?.Properties).toMatchObject({
        DestinationBucketKeyPrefix: 'assets',
        Prune: false,
        SystemMetadata: { 'cache-control': 'public, max-age=31536000, immutable' },
      })
      expect(html?.Properties).toMatchObject({
        Prune: false,
        SystemMetadata: { 'cache-control': 'no-cache', 'content-type': 'text/html; charset=utf-8' },
      })
      expect(JSON.stringify(html)).toContain(`"${uploads.find(([id]) => id.startsWith('Assets'))?.[0]}"`)
    })

    it('has a function that may put files, and neither change nor delete anything else', () => {
      const lines = linesOf(only('AWS::IAM::Policy').PolicyDocument.Statement)
      expect(lines.map((line) => line.replace(/cdk-hnb659fds-\S+/, 'BUILT'))).toEqual([
        'Allow logs:CreateLogStream UploadLog.Arn',
        'Allow logs:PutLogEvents UploadLog.Arn',
        'Allow s3:GetObject arn:aws:s3:::BUILT',
        'Allow s3:GetObject arn:aws:s3:::BUILT',
        'Allow s3:ListBucket Bucket.Arn',
        'Allow s3:PutObject Bucket.Arn/*',
      ])
    })

    it.each([
      ...Object.values(pagePaths).map((path) => [path, path === '/' ? '/index.html' : `${path}.html`]),
      ['/reset-pin/', '/reset-pin.html'],
      ['/assets/app-AB12CD34.js', '/assets/app-AB12CD34.js'],
      ['/assets/', '/assets.html'],
    ])('serves %s from %s', (uri, file) => {
      const { FunctionCode, FunctionConfig } = only('AWS::CloudFront::Function')
      expect(FunctionConfig.Runtime).toBe('cloudfront-js-2.0')
      expect(FunctionCode).toBe(readFileSync(new URL('../../../infra/page-path.js', import.meta.url), 'utf8'))
      expect(rewritten(FunctionCode, uri)).toBe(file)
    })

    it('leads password managers to the page for changing a password', () => {
      const { FunctionCode } = only('AWS::CloudFront::Function')
      expect(answered(FunctionCode, '/.well-known/change-password')).toMatchObject({
        statusCode: 302,
        headers: { location: { value: '/change-password' } },
      })
      expect(rewritten(FunctionCode, '/.well-known/other')).toBe('/.well-known/other.html')
    })

    it('is built from the settings that the API is given', () => {
      const environment = ofType(service, 'AWS::Lambda::Function').map(
        ([, made]) => made.Properties.Environment.Variables,
      )[0]
      const { ORIGIN, ALLOWED_ORIGINS, CONSENT, PRODUCT } = environment
      expect(ALLOWED_ORIGINS.split(',')).toContain(ORIGIN)
      expect(pagesOptions(config)).toEqual({
        api: 'https://api.accounts.example.com',
        consent: CONSENT,
        countries: environment.SMS_COUNTRIES.split(','),
        product: PRODUCT,
      })
      const returnTo = ['https://shop.acme.test/app']
      expect(pagesOptions({ ...config, returnTo })).toMatchObject({ returnTo })
      const links = { privacy: 'https://acme.test/privacy' }
      const own = { certificateArn: '', links, securityTxt: '/team/security.txt' }
      expect(pagesOptions({ ...config, pages: own })).toMatchObject({ links, securityTxt: own.securityTxt })
    })
  })
}
