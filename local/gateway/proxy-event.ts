/** The event a Lambda proxy integration of a REST API gets (payload format 1.0). */
import { isUtf8 } from 'node:buffer'
import type { APIGatewayProxyEvent } from 'aws-lambda'
import type { Route } from '#shared/contract/routes.ts'
import type { GatewayRequest } from './message.ts'

const account = '000000000000'
const stage = 'local'
/** Deployed, IAM names the caller of an admin route; here whoever reaches the loopback is that one. */
export const localAdmin = `arn:aws:iam::${account}:user/local`

/** @param requestId made by the gateway */
export function proxyEvent(
  request: GatewayRequest,
  route: Route,
  pathParameters: Readonly<Record<string, string>>,
  requestId: string,
): APIGatewayProxyEvent {
  const [path = '', ...rest] = request.target.split('?')
  const query = [...new URLSearchParams(rest.join('?'))]
  const text = isUtf8(request.body)
  return {
    resource: route.path,
    path,
    httpMethod: request.method,
    headers: lastOf(request.headers),
    multiValueHeaders: allOf(request.headers),
    queryStringParameters: query.length === 0 ? null : lastOf(query),
    multiValueQueryStringParameters: query.length === 0 ? null : allOf(query),
    pathParameters: Object.keys(pathParameters).length === 0 ? null : { ...pathParameters },
    stageVariables: null,
    requestContext: requestContext(request, route, path, requestId),
    body: request.body.length === 0 ? null : request.body.toString(text ? 'utf8' : 'base64'),
    // Bytes that are no text stay what they are, so that the function can refuse them.
    isBase64Encoded: !text,
  }
}

/** API Gateway takes a client's own id in place of this one, not of the extended one. */
function chosenId({ headers }: GatewayRequest): string | undefined {
  const chosen = headers.findLast(([name]) => name.toLowerCase() === 'x-amzn-requestid')?.[1]
  return chosen !== undefined && /^[!-~]{1,128}$/.test(chosen) ? chosen : undefined
}

function requestContext(
  request: GatewayRequest,
  route: Route,
  path: string,
  requestId: string,
): APIGatewayProxyEvent['requestContext'] {
  const now = new Date()
  const isAdmin = route.access === 'admin'
  return {
    accountId: account,
    apiId: 'local',
    authorizer: null,
    domainName: '127.0.0.1',
    extendedRequestId: requestId,
    httpMethod: request.method,
    identity: {
      accessKey: null,
      accountId: isAdmin ? account : null,
      apiKey: null,
      apiKeyId: null,
      caller: null,
      clientCert: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: request.sourceIp,
      user: null,
      userAgent: request.headers.findLast(([name]) => name.toLowerCase() === 'user-agent')?.[1] ?? null,
      userArn: isAdmin ? localAdmin : null,
    },
    path: `/${stage}${path}`,
    protocol: 'HTTP/1.1',
    requestId: chosenId(request) ?? requestId,
    requestTime: now.toUTCString(),
    requestTimeEpoch: now.getTime(),
    resourceId: route.step,
    resourcePath: route.path,
    stage,
  }
}

type Pairs = readonly (readonly [name: string, value: string])[]

const lastOf = (pairs: Pairs): Record<string, string> => Object.fromEntries(pairs)

const allOf = (pairs: Pairs): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(pairs, ([name]) => name)).map(([name, own = []]) => [
      name,
      own.map(([, value]) => value),
    ]),
  )
