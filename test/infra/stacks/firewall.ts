import { describe, expect, it } from 'vitest'
import { codes } from '#shared/contract/codes.ts'
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

export function aboutFirewall({ service }: Stacks): void {
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
        [1, 'rate-secrets'],
        [2, 'rate-all'],
        [3, 'AWSManagedRulesAmazonIpReputationList'],
        [4, 'AWSManagedRulesKnownBadInputsRuleSet'],
        [5, 'AWSManagedRulesCommonRuleSet'],
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

    it('is tighter where codes are sent and secrets compared', () => {
      const secrets = rule('rate-secrets').Statement.RateBasedStatement
      const all = rule('rate-all').Statement.RateBasedStatement
      expect([secrets.Limit, all.Limit]).toEqual([300, 2000])
      const scoped = secrets.ScopeDownStatement.OrStatement.Statements as {
        ByteMatchStatement: { SearchString: string }
      }[]
      const paths = scoped.map((each) => each.ByteMatchStatement.SearchString)
      expect(paths).toEqual([
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

    it('speaks in the envelope', () => {
      for (const code of ['BODY_TOO_LARGE', 'RATE_LIMITED'] as const) {
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
