/** The construct before a team's own API: in a stack of theirs, beside an API of either kind. */
import { Stack } from 'aws-cdk-lib'
import * as apigateway from 'aws-cdk-lib/aws-apigateway'
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2'
import * as integrations from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { describe, expect, test } from 'vitest'
import { sized } from '#test/support/whole.ts'
import { LatchkeyAuthorizer, type LatchkeyAuthorizerProps } from '../../infra/authorizer.ts'
import { DataStack } from '../../infra/data-stack.ts'
import { Latchkey } from '../../infra/latchkey.ts'
import { inline, ofType, propsOf, type Resources, stageConfig, withApp } from './synth.ts'

type Given = Pick<LatchkeyAuthorizerProps, 'needs' | 'routes' | 'cacheSeconds'>

const synthWith = (given: Given): Resources =>
  withApp((app) => {
    const config = stageConfig('prod')
    const stack = new Stack(app, 'team')
    const authorizer = new LatchkeyAuthorizer(stack, 'Latchkey', {
      latchkey: { config, codeOf: inline },
      ...given,
    })
    const rest = new apigateway.RestApi(stack, 'RestApi', { cloudWatchRole: false })
    rest.root.addMethod('GET', new apigateway.MockIntegration(), {
      authorizer: authorizer.rest,
      authorizationType: apigateway.AuthorizationType.CUSTOM,
    })
    const http = new apigatewayv2.HttpApi(stack, 'HttpApi')
    http.addRoutes({
      path: '/account',
      authorizer: authorizer.http,
      integration: new integrations.HttpUrlIntegration('Url', 'https://api.example.com'),
    })
    return app.synth().getStackByName('team').template.Resources as Resources
  })
const only = (resources: Resources, type: string) => {
  const found = ofType(resources, type).map(([, resource]) => resource.Properties)
  expect(found).toHaveLength(1)
  return found[0]
}

describe('LatchkeyAuthorizer', () => {
  const routes = { 'POST /transfers/{id}': ['POSSESSION', 'PIN'], 'ANY /cards': ['POSSESSION'] } as const
  const resources = synthWith({ routes })

  test('asks the function at each request: nothing is kept by default', () => {
    const rest = only(resources, 'AWS::ApiGateway::Authorizer')
    expect(rest).toMatchObject({ Type: 'REQUEST', AuthorizerResultTtlInSeconds: 0 })
    expect(rest.IdentitySource ?? '').toBe('')
    const http = only(resources, 'AWS::ApiGatewayV2::Authorizer')
    expect(http).toMatchObject({
      AuthorizerType: 'REQUEST',
      AuthorizerResultTtlInSeconds: 0,
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
    })
    expect(http.IdentitySource ?? []).toEqual([])
  })

  test('stands before an HTTP API alone, too', () => {
    const alone = withApp((app) => {
      const stack = new Stack(app, 'team')
      const latchkey = { config: stageConfig('prod'), codeOf: inline }
      const { http: authorizer } = new LatchkeyAuthorizer(stack, 'Latchkey', { latchkey })
      const integration = new integrations.HttpUrlIntegration('Url', 'https://api.example.com')
      new apigatewayv2.HttpApi(stack, 'HttpApi').addRoutes({ path: '/account', authorizer, integration })
      return app.synth().getStackByName('team').template.Resources as Resources
    })
    expect(ofType(alone, 'AWS::ApiGateway::Authorizer')).toEqual([])
    only(alone, 'AWS::ApiGatewayV2::Authorizer')
  })

  test('with a cache, answers are kept apart by token, method and path', () => {
    const cached = synthWith({ cacheSeconds: 30 })
    const rest = only(cached, 'AWS::ApiGateway::Authorizer')
    expect(rest.AuthorizerResultTtlInSeconds).toBe(30)
    expect(rest.IdentitySource).toBe('method.request.header.Authorization,context.httpMethod,context.path')
    const http = only(cached, 'AWS::ApiGatewayV2::Authorizer')
    expect(http.AuthorizerResultTtlInSeconds).toBe(30)
    expect(http.IdentitySource).toEqual([
      '$request.header.Authorization',
      '$context.httpMethod',
      '$context.path',
    ])
  })

  test('its function knows what each route needs, and may read sessions and note their use, nothing else', () => {
    const made = ofType(resources, 'AWS::Lambda::Function').map(([, each]) => each.Properties)
    expect(made).toHaveLength(1)
    const { AUTHORIZE_NEEDS } = made[0].Environment.Variables
    expect(JSON.parse(AUTHORIZE_NEEDS)).toEqual({ ...routes, '*': [] })
    const actions = ofType(resources, 'AWS::IAM::Policy').flatMap(([, { Properties }]) =>
      Properties.PolicyDocument.Statement.flatMap((each: { Action: string | string[] }) => each.Action),
    )
    expect(actions.filter((action) => action.startsWith('dynamodb:')).sort()).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:UpdateItem',
    ])
    expect(actions.filter((action) => !/^(dynamodb|logs|xray):/.test(action))).toEqual([])
  })

  test('in the app of the stage, its stack comes after the tables and reads their names, not their exports', () => {
    withApp((app) => {
      const config = stageConfig('prod')
      // All of a stage takes seconds, and of its stacks that of the data alone is met: whole, all of it is there.
      const latchkey = sized(0, 1)
        ? new Latchkey(app, 'latchkey-prod', propsOf(config))
        : { config, codeOf: inline, data: new DataStack(app, 'data', config, {}) }
      const stack = new Stack(app, 'team')
      const { rest } = new LatchkeyAuthorizer(stack, 'Latchkey', { latchkey })
      new apigateway.RestApi(stack, 'RestApi').root.addMethod('GET', new apigateway.MockIntegration(), {
        authorizer: rest,
        authorizationType: apigateway.AuthorizationType.CUSTOM,
      })
      expect(stack.dependencies).toEqual([latchkey.data])
      const { template } = app.synth().getStackByName('team')
      expect(JSON.stringify(template)).not.toContain('Fn::ImportValue')
      expect(template.Parameters).toMatchObject({
        SessionsTable: {
          Type: 'AWS::SSM::Parameter::Value<String>',
          Default: '/latchkey-prod/tables/sessions',
        },
      })
    })
  })

  test.each([
    [{ 'post /x': [] }, 'no route'],
    [{ '/x': [] }, 'no route'],
    [{ 'GET x': [] }, 'no route'],
    [{ 'GET /x': ['OTP'] }, 'needs OTP'],
  ])('%j is refused at synth', (wrong, problem) => {
    expect(() => synthWith({ routes: wrong as never })).toThrow(problem)
  })
})
