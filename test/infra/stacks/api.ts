import { describe, expect, it } from 'vitest'
import { codes } from '#shared/contract/codes.ts'
import { type Route, routes, throttles } from '#shared/contract/routes.ts'
import { pathsBetween } from '../../../infra/api.ts'
import type { StageConfig } from '../../../infra/config.ts'
import { ofType, type Resources, type Stacks } from '../synth.ts'

const rows = Object.values(routes) as Route[]

/** Full path of each resource, by its logical id. */
function pathsOf(service: Resources): ReadonlyMap<string, string> {
  const resources = new Map(ofType(service, 'AWS::ApiGateway::Resource'))
  const pathOf = (id: string): string => {
    const resource = resources.get(id)
    if (resource === undefined) return ''
    return `${pathOf(resource.Properties.ParentId.Ref ?? '')}/${resource.Properties.PathPart}`
  }
  return new Map([...resources.keys()].map((id) => [id, pathOf(id)]))
}

export function aboutApi({ service }: Stacks, config: StageConfig): void {
  const paths = pathsOf(service)
  const methods = ofType(service, 'AWS::ApiGateway::Method').map(([, { Properties }]) => ({
    path: paths.get(Properties.ResourceId.Ref ?? '') ?? '/',
    ...Properties,
  }))
  const functionOf = (uri: unknown) => {
    const id = /"Fn::GetAtt":\["([^"]+)","Arn"\]/.exec(JSON.stringify(uri))?.[1] ?? ''
    return String(service[id]?.Properties.Description).replace('Latchkey prod: ', '')
  }
  const [, stage] = ofType(service, 'AWS::ApiGateway::Stage')[0] ?? []
  const [, api] = ofType(service, 'AWS::ApiGateway::RestApi')[0] ?? []

  describe('the API', () => {
    it('has exactly the routes of the table, each to its step', () => {
      const proxied = methods
        .filter((method) => method.Integration.Type === 'AWS_PROXY')
        .map((method) => `${method.HttpMethod} ${method.path} ${functionOf(method.Integration.Uri)}`)
      expect(proxied.sort()).toEqual(rows.map((row) => `${row.method} ${row.path} ${row.step}`).sort())
    })

    it('asks for IAM signatures on admin routes and on no other', () => {
      const signed = methods
        .filter((method) => method.AuthorizationType !== 'NONE')
        .map((method) => `${method.AuthorizationType} ${method.HttpMethod} ${method.path}`)
      const admin = rows.filter((row) => row.access === 'admin')
      expect(signed.sort()).toEqual(admin.map((row) => `AWS_IAM ${row.method} ${row.path}`).sort())
    })

    it('limits each method as its throttle says, and the rest as reading', () => {
      const settings = stage?.Properties.MethodSettings as Record<string, unknown>[]
      const limits = settings.map((setting) => [
        `${setting['HttpMethod']} ${String(setting['ResourcePath']).replaceAll('~1', '/')}`,
        setting['ThrottlingRateLimit'],
        setting['ThrottlingBurstLimit'],
      ])
      const expected = rows.map((row) => {
        const { ratePerSecond, burst } = throttles[row.throttle]
        return [`${row.method} /${row.path}`, ratePerSecond, burst]
      })
      expect(limits.sort()).toEqual([['* /*', 200, 400], ...expected].sort())
    })

    it('answers other methods of a route 405, and every other path 404, in the envelope', () => {
      const any = methods.filter((method) => method.HttpMethod === 'ANY')
      const answers = new Map(any.map((method) => [method.path, method.Integration.IntegrationResponses[0]]))
      const taken = new Set(rows.map((row) => row.path))
      const expected = [...taken, ...pathsBetween(taken), '/', '/{proxy+}']
      expect([...answers.keys()].sort()).toEqual(expected.sort())
      for (const [path, answer] of answers) {
        const code = taken.has(path) ? 'METHOD_NOT_ALLOWED' : 'NOT_FOUND'
        expect(answer.StatusCode).toBe(String(codes[code][0]))
        expect(JSON.parse(answer.ResponseTemplates['application/json'])).toEqual({
          success: false,
          error: { code, message: codes[code][1] },
          requestId: '$context.extendedRequestId',
        })
      }
    })

    it('says with 405 which methods a path takes', () => {
      const answer = methods.find(
        (method) => method.HttpMethod === 'ANY' && method.path === '/admin/identities/{userId}',
      )
      const headers = answer?.Integration.IntegrationResponses[0].ResponseParameters
      expect(headers['method.response.header.Allow']).toBe("'PUT, GET, DELETE, OPTIONS'")
    })

    it('answers OPTIONS on each route, naming no origin but the allowed ones', () => {
      const taken = new Set(rows.map((row) => row.path))
      const known = methods.filter((method) => method.HttpMethod === 'ANY' && taken.has(method.path))
      expect(known).toHaveLength(taken.size)
      for (const { Integration } of known) {
        const [, answer] = Integration.IntegrationResponses
        expect([answer.StatusCode, answer.SelectionPattern]).toEqual(['204', '204'])
        for (const chosen of Object.values(Integration.RequestTemplates))
          expect(chosen).toBe(
            '#if($context.httpMethod == "OPTIONS"){"statusCode":204}#else{"statusCode":405}#end',
          )
        expect(answer.ResponseTemplates['application/json']).toContain(
          `$origin == "${config.allowedOrigins[0]}"`,
        )
        expect(JSON.stringify(answer.ResponseParameters)).not.toContain('Access-Control-Allow-Origin')
      }
    })

    it('gives the security headers and no-store with every answer of its own', () => {
      const own = methods
        .filter((method) => method.Integration.Type === 'MOCK')
        .flatMap((method) => method.Integration.IntegrationResponses)
        .map(({ ResponseParameters }) => ResponseParameters)
      const gateway = ofType(service, 'AWS::ApiGateway::GatewayResponse').map(
        ([, { Properties }]) => Properties.ResponseParameters,
      )
      for (const headers of [...own, ...gateway]) {
        const values = Object.entries(headers).map(([name, value]) => `${name.split('.').at(-1)}: ${value}`)
        expect(values).toEqual(
          expect.arrayContaining([
            "Cache-Control: 'no-store'",
            "X-Content-Type-Options: 'nosniff'",
            'x-request-id: context.extendedRequestId',
          ]),
        )
      }
    })

    it('puts its own refusals into the envelope, with Retry-After where one may come again', async () => {
      const text = ofType(service, 'AWS::ApiGateway::GatewayResponse').map(([, { Properties }]) => {
        const body = JSON.parse(Properties.ResponseTemplates['application/json'])
        const retry = Properties.ResponseParameters['gatewayresponse.header.Retry-After'] ?? 'no Retry-After'
        expect(body).toMatchObject({ success: false, requestId: '$context.extendedRequestId' })
        expect(codes[body.error.code as keyof typeof codes][0]).toBe(Number(Properties.StatusCode))
        return `${Properties.ResponseType} ${Properties.StatusCode} ${body.error.code} ${retry}`
      })
      await expect(`${text.sort().join('\n')}\n`).toMatchFileSnapshot('./expected/gateway-responses.txt')
    })

    it('logs no body, header, query or typed path', () => {
      const format = stage?.Properties.AccessLogSetting.Format as string
      expect(format).not.toMatch(
        /\$context\.(path|authorizer|requestOverride|responseOverride)|\$input|querystring/i,
      )
      expect(format).not.toMatch(/header/i)
    })

    it('logs errors of every method, and no request: a row of its own takes nothing from that of all', () => {
      const settings = stage?.Properties.MethodSettings as Record<string, unknown>[]
      expect(settings).toHaveLength(rows.length + 1)
      for (const setting of settings)
        expect(setting).toMatchObject({
          LoggingLevel: 'ERROR',
          MetricsEnabled: false,
          DataTraceEnabled: false,
        })
    })

    it('speaks TLS 1.2 or later, and traces', () => {
      expect(api?.Properties).toMatchObject({
        SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
        EndpointAccessMode: 'STRICT',
      })
      expect(stage?.Properties.TracingEnabled).toBe(true)
    })
  })
}
