import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codes } from '#shared/contract/codes.ts'
import { type Route, routes } from '#shared/contract/routes.ts'
import { flowIds, nothingStopped, pathsOf, withFlow } from '#shared/contract/stops.ts'
import { guardedPaths, patternsOf } from '../../../infra/firewall.ts'
import { outputOf } from '../../../infra/settings-file.ts'
import { ofType, type Stacks } from '../synth.ts'

interface Rule {
  readonly Name: string
  readonly Priority: number
  // biome-ignore lint/suspicious/noExplicitAny: read by the names that CloudFormation gives.
  readonly Action: any
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly Statement: any
  readonly VisibilityConfig: unknown
}

const rows = Object.values(routes) as Route[]

interface RegexStatement {
  readonly FieldToMatch: unknown
  readonly RegexString: string
  readonly TextTransformations: readonly { readonly Priority: number; readonly Type: string }[]
}
// biome-ignore lint/suspicious/noExplicitAny: read by the names that CloudFormation gives.
const statementsIn = (statement: any): RegexStatement[] =>
  (statement.OrStatement?.Statements ?? [statement]).map(
    (each: { RegexMatchStatement: RegexStatement }) => each.RegexMatchStatement,
  )

const decoded = (text: string) =>
  text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

/** What the developer guide of AWS WAF says that each does to a text. */
const transformations: Readonly<Record<string, (text: string) => string>> = {
  NONE: (text) => text,
  URL_DECODE: decoded,
  URL_DECODE_UNI: (text) =>
    decoded(
      text.replace(/%u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    ),
  NORMALIZE_PATH_WIN: (text) => posix.normalize(text.replaceAll('\\', '/')),
}

function matches({ FieldToMatch, RegexString, TextTransformations }: RegexStatement, path: string): boolean {
  expect(FieldToMatch).toEqual({ UriPath: {} })
  const inOrder = [...TextTransformations].sort((one, other) => one.Priority - other.Priority)
  const seen = inOrder.reduce((text, { Type }) => {
    const transform = transformations[Type]
    if (transform === undefined) throw new Error(`What does ${Type} do?`)
    return transform(text)
  }, path)
  return new RegExp(RegexString).test(seen)
}

const encoded = (character: string) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`

/** Ways to write a path that something between the client and the route may read as the path. */
function spellingsOf(path: string): string[] {
  const characters = [...path]
  const each = characters.map((character, place) => characters.with(place, encoded(character)).join(''))
  const all = characters.map(encoded).join('')
  return [path, ...each, all, all.toUpperCase(), all.replaceAll('%', '%25')]
    .flatMap((spelled) => [spelled, `/live${spelled}`])
    .concat([
      `${path}/`,
      `${path}//`,
      `${path}%2F`,
      `${path}%2f%2F/`,
      `${path}/.`,
      `${path}/x/..`,
      `${path}/%2e%2e/${path.split('/').at(-1)}`,
      `/${path}`,
      path.replaceAll('/', '//'),
      path.replaceAll('/', '/./'),
      path.replaceAll('/', '\\'),
      path.replaceAll('-', '%2D'),
      path.replaceAll('-', '%252D'),
      path.replaceAll('-', '%u002d'),
      `/live/../live${path}`,
    ])
}

export function aboutFirewall({ service, templates }: Stacks): void {
  const [, acl] = ofType(service, 'AWS::WAFv2::WebACL')[0] ?? []
  const rules = (acl?.Properties.Rules ?? []) as Rule[]
  const rule = (name: string): Rule => {
    const found = rules.find((each) => each.Name === name)
    if (found === undefined) throw new Error(`No rule ${name}`)
    return found
  }

  describe('the firewall', () => {
    it('has these rules in this order', () => {
      expect(rules.map((each) => [each.Priority, each.Name])).toEqual([
        [0, 'body-size'],
        [1, 'stopped-flows'],
        [2, 'rate-secrets'],
        [3, 'rate-all'],
        [4, 'AWSManagedRulesAmazonIpReputationList'],
        [5, 'AWSManagedRulesKnownBadInputsRuleSet'],
        [6, 'AWSManagedRulesCommonRuleSet'],
      ])
    })

    it('answers a body above 10 KB as every other part does', () => {
      expect(rule('body-size').Statement.SizeConstraintStatement).toMatchObject({
        ComparisonOperator: 'GT',
        Size: 10_240,
        FieldToMatch: { Body: { OversizeHandling: 'MATCH' } },
      })
      expect(rule('body-size').Action.Block.CustomResponse).toMatchObject({
        ResponseCode: 413,
        CustomResponseBodyKey: 'BODY_TOO_LARGE',
      })
    })

    it('answers a flood of one address with 429 RATE_LIMITED and Retry-After', () => {
      for (const name of ['rate-secrets', 'rate-all']) {
        const { ResponseCode, CustomResponseBodyKey, ResponseHeaders } =
          rule(name).Action.Block.CustomResponse
        expect([ResponseCode, CustomResponseBodyKey]).toEqual([429, 'RATE_LIMITED'])
        expect(ResponseHeaders).toContainEqual({ Name: 'Retry-After', Value: '300' })
      }
    })

    it('shuts the paths of a stopped flow however they are spelled, with 503 UNAVAILABLE, and no other flow’s', () => {
      const [[id, set] = []] = ofType(service, 'AWS::WAFv2::RegexPatternSet')
      expect(set?.Properties.RegularExpressionList).toEqual(nothingStopped)
      const { Statements } = rule('stopped-flows').Statement.AndStatement
      const { Arn, ...how } = Statements[0].RegexPatternSetReferenceStatement
      expect(Arn).toEqual({ 'Fn::GetAtt': [id, 'Arn'] })
      const shut = (patterns: readonly string[], path: string) =>
        patterns.some((RegexString) => matches({ ...how, RegexString }, path))
      for (const flow of flowIds) {
        const patterns = withFlow(nothingStopped, flow, true)
        const own = pathsOf(flow)
        for (const path of own)
          for (const spelled of spellingsOf(path))
            expect([spelled, shut(patterns, spelled)]).toEqual([spelled, true])
        const others = rows.map(({ path }) => path).filter((path) => !own.includes(path))
        for (const path of [...others, '/', `${own[0]}/more`])
          for (const spelled of [path, `/live${path}`])
            expect([spelled, shut(patterns, spelled)]).toEqual([spelled, false])
      }
      for (const { path } of rows) expect(shut(nothingStopped, path)).toBe(false)
      expect(rule('stopped-flows').Action.Block.CustomResponse).toMatchObject({
        ResponseCode: 503,
        CustomResponseBodyKey: 'UNAVAILABLE',
        ResponseHeaders: expect.arrayContaining([{ Name: 'Retry-After', Value: '300' }]),
      })
    })

    it('tells the command line which set to change', () => {
      const [[id] = []] = ofType(service, 'AWS::WAFv2::RegexPatternSet')
      const { Outputs = {} } = templates['latchkey-prod-service'] ?? {}
      expect(Outputs[outputOf('STOPPED_FLOWS')]).toMatchObject({ Value: { 'Fn::GetAtt': [id, 'Arn'] } })
    })

    it('lets a browser ask before a request to a stopped flow, or its page could not read the answer', () => {
      const [, not] = rule('stopped-flows').Statement.AndStatement.Statements
      expect(not.NotStatement.Statement.ByteMatchStatement).toMatchObject({
        FieldToMatch: { Method: {} },
        PositionalConstraint: 'EXACTLY',
        SearchString: 'OPTIONS',
      })
    })

    it('puts no more headers into an answer than it takes of its own: ten, or the deployment fails', () => {
      const blocks = rules.flatMap((each) => each.Action?.Block?.CustomResponse ?? [])
      expect(blocks.length).toBeGreaterThan(1)
      for (const { ResponseHeaders } of blocks) expect(ResponseHeaders.length).toBeLessThanOrEqual(10)
    })

    it('is tighter where codes are sent and secrets compared', () => {
      const secrets = rule('rate-secrets').Statement.RateBasedStatement
      const all = rule('rate-all').Statement.RateBasedStatement
      expect([secrets.Limit, all.Limit]).toEqual([300, 2000])
      expect(guardedPaths).toEqual([
        '/api/auth/forgot-password',
        '/api/auth/login',
        '/api/auth/login/verify',
        '/api/auth/reset-password',
        '/api/auth/verify-reset-otp',
        '/api/password-reset/request',
        '/api/password-reset/reset',
        '/api/password-reset/verify-identity',
        '/api/password-reset/verify-otp',
        '/api/pin/reset',
        '/api/pin/reset/request',
        '/api/recovery/not-me',
        '/auth/request-password-reset',
        '/auth/resend-password-reset-otp',
        '/auth/reset-password',
        '/auth/verify-password-reset-otp',
      ])
    })

    it('counts a secret path however it is spelled, and no other path', () => {
      const guarded = (path: string) =>
        statementsIn(rule('rate-secrets').Statement.RateBasedStatement.ScopeDownStatement).some((each) =>
          matches(each, path),
        )
      for (const path of guardedPaths)
        for (const spelled of spellingsOf(path)) expect([spelled, guarded(spelled)]).toEqual([spelled, true])
      const open = rows.map((row) => row.path).filter((path) => !guardedPaths.includes(path))
      expect(open).toContain('/health')
      for (const path of [...open, '/', '/api/auth/login/nothing', '/api/auth/login-page'])
        for (const spelled of [path, `/live${path}`, `${path}/`])
          expect([spelled, guarded(spelled)]).toEqual([spelled, false])
    })

    it('counts every address on all routes but those of the admin, however they are spelled', () => {
      const { NotStatement } = rule('rate-all').Statement.RateBasedStatement.ScopeDownStatement
      const parts: { RegexMatchStatement: RegexStatement }[] = NotStatement.Statement.AndStatement.Statements
      expect(parts).toHaveLength(2)
      const counted = (path: string) =>
        !parts.every(({ RegexMatchStatement }) => matches(RegexMatchStatement, path))
      const own = rows.filter((row) => row.access === 'admin').map((row) => row.path)
      expect(own).toContain('/admin/sessions/introspect')
      for (const path of own)
        for (const spelled of [path, `/live${path}`, path.replace('{userId}', 'auth0%7C5f7c')])
          expect([spelled, counted(spelled)]).toEqual([spelled, false])
      const others = rows.filter((row) => row.access !== 'admin').map((row) => row.path)
      for (const path of [...others, '/', '/administer', '/api/admin/x'])
        for (const spelled of [
          ...spellingsOf(path),
          `/admin/..${path}`,
          `/admin/%2e%2e${path}`,
          `/admin/%252e%252e${path}`,
          `/admin/x/../..${path}`,
          `/admin\\..${path}`,
          `/live/admin/..${path}`,
          `/live/admin/../..${path}`,
        ])
          expect([spelled, counted(spelled)]).toEqual([spelled, true])
    })

    it('keeps to the length that the firewall takes of a pattern, however many paths there are', () => {
      const many = Array.from({ length: 60 }, (_, index) => `/api/auth/some-secret-${index}`)
      const patterns = patternsOf(many)
      expect(patterns.length).toBeGreaterThan(1)
      for (const pattern of patterns) expect(pattern.length).toBeLessThanOrEqual(512)
      for (const path of many)
        expect(patterns.filter((pattern) => new RegExp(pattern).test(path))).toHaveLength(1)
    })

    it('speaks in the envelope', () => {
      for (const code of ['BODY_TOO_LARGE', 'RATE_LIMITED', 'UNAVAILABLE'] as const) {
        const body = JSON.parse(acl?.Properties.CustomResponseBodies[code].Content)
        expect(body).toMatchObject({ success: false, error: { code, message: codes[code][1] } })
        expect(typeof body.requestId).toBe('string')
      }
    })

    it('judges no body by its content: people choose what their passwords hold', () => {
      const overrides = rules.flatMap(
        (each) => each.Statement.ManagedRuleGroupStatement?.RuleActionOverrides ?? [],
      ) as { Name: string; ActionToUse: unknown }[]
      for (const override of overrides) expect(override.ActionToUse).toEqual({ Count: {} })
      const counted = overrides.map(({ Name }) => Name)
      expect(counted.filter((name) => name.endsWith('_BODY'))).toEqual([
        'JavaDeserializationRCE_BODY',
        'Log4JRCE_BODY',
        'ReactJSRCE_BODY',
        'CrossSiteScripting_BODY',
        'EC2MetaDataSSRF_BODY',
        'GenericLFI_BODY',
        'GenericRFI_BODY',
        'SizeRestrictions_BODY',
      ])
    })

    it('keeps tokens out of its samples and logs', () => {
      const shown = [acl?.Properties.VisibilityConfig, ...rules.map((each) => each.VisibilityConfig)]
      for (const each of shown) expect(each).toMatchObject({ SampledRequestsEnabled: false })
      const [, logging] = ofType(service, 'AWS::WAFv2::LoggingConfiguration')[0] ?? []
      expect(logging?.Properties.RedactedFields).toContainEqual({ SingleHeader: { Name: 'authorization' } })
    })
  })
}
