/** What API Gateway hands to a Lambda authorizer of type REQUEST, in its three forms. */
import type { AuthorizerEvent } from '#shared/edge/authorize.ts'

export interface Asked {
  readonly headers?: Readonly<Record<string, string>>
  readonly method?: string
  /** As the route is written. */
  readonly resource?: string
  /** As it was asked for. */
  readonly path?: string
  /** Of an HTTP API by payload 2.0, where its route is not that of the method itself: `ANY /cards`. */
  readonly routeKey?: string
}

const api = 'arn:aws:execute-api:eu-central-1:111122223333:abcdef123'

/** REST API: header names as the client wrote them, no version. */
export function restEvent({ headers, method = 'GET', resource = '/account', path = resource }: Asked) {
  return {
    type: 'REQUEST',
    methodArn: `${api}/live/${method}${path}`,
    resource,
    path,
    httpMethod: method,
    headers: headers ?? null,
    multiValueHeaders: null,
    pathParameters: null,
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    stageVariables: null,
    requestContext: { resourcePath: resource, httpMethod: method, stage: 'live', path: `/live${path}` },
  } as unknown as AuthorizerEvent
}

/** HTTP API by payload 1.0. */
export function httpEvent1(asked: Asked) {
  const rest = restEvent(asked) as unknown as Record<string, unknown>
  return {
    ...rest,
    version: '1.0',
    identitySource: asked.headers?.['authorization'] ?? '',
    authorizationToken: asked.headers?.['authorization'] ?? '',
    headers: lowered(asked.headers),
  } as unknown as AuthorizerEvent
}

/** HTTP API by payload 2.0: header names in lower case, the route by its key. */
export function httpEvent2(asked: Asked) {
  const { headers, method = 'GET', resource = '/account', path = resource } = asked
  const { routeKey = resource === '$default' ? resource : `${method} ${resource}` } = asked
  return {
    version: '2.0',
    type: 'REQUEST',
    routeArn: `${api}/$default/${method}${path}`,
    routeKey,
    identitySource: Object.values(headers ?? {}),
    rawPath: path,
    rawQueryString: '',
    headers: lowered(headers),
    requestContext: { http: { method, path, sourceIp: '203.0.113.1' }, stage: '$default' },
  } as unknown as AuthorizerEvent
}

const lowered = (headers: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
