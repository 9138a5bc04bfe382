/** Methods that API Gateway answers by itself: 404 where nothing is, 405 for other methods, and OPTIONS. */
import * as apigateway from 'aws-cdk-lib/aws-apigateway'
import { crossOriginHeaders, securityHeaders } from '../shared/edge/headers.ts'
import { envelope, literal, refusalHeaders, refusalOf, statusOf } from './envelope.ts'
import { acknowledge } from './nag.ts'

/** A mock integration picks its answer by the body's media type; a body of none of these is answered 415. */
const mediaTypes = [
  'application/json',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
  'application/xml',
  'multipart/form-data',
  'text/plain',
  'text/xml',
] as const

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Headers that the template may set. */
  readonly variableHeaders?: readonly string[]
  readonly template: string
}

function addAnswer(resource: apigateway.IResource, method: 'ANY' | 'OPTIONS', answer: Answer): void {
  const statusCode = String(answer.status)
  const fixed = { ...answer.headers, 'x-request-id': undefined }
  const parameters = Object.entries(fixed).map(([name, value]) => [
    `method.response.header.${name}`,
    value === undefined ? 'context.extendedRequestId' : literal(value),
  ])
  const names = [...Object.keys(fixed), ...(answer.variableHeaders ?? [])]
  const added = resource.addMethod(
    method,
    new apigateway.MockIntegration({
      passthroughBehavior: apigateway.PassthroughBehavior.NEVER,
      requestTemplates: Object.fromEntries(
        mediaTypes.map((type) => [type, JSON.stringify({ statusCode: answer.status })]),
      ),
      integrationResponses: [
        {
          statusCode,
          responseParameters: Object.fromEntries(parameters),
          responseTemplates: { 'application/json': answer.template },
        },
      ],
    }),
    {
      authorizationType: apigateway.AuthorizationType.NONE,
      methodResponses: [
        {
          statusCode,
          responseParameters: Object.fromEntries(
            names.map((name) => [`method.response.header.${name}`, true]),
          ),
        },
      ],
    },
  )
  acknowledgePublic(added, 'A fixed answer that holds nothing: there is nobody to ask for leave.')
}

/** Beside each method that anyone may call. */
export function acknowledgePublic(method: apigateway.Method, reason: string): void {
  for (const rule of ['AwsSolutions-APIG4', 'AwsSolutions-COG4']) acknowledge(method, rule, reason)
}

/** Any method where there is no route: 404. */
export function addNotFound(resource: apigateway.IResource, crossOrigin: boolean): void {
  const refusal = refusalOf('NOT_FOUND')
  addAnswer(resource, 'ANY', {
    status: statusOf('NOT_FOUND'),
    headers: refusalHeaders(refusal, crossOrigin),
    template: envelope(refusal, '$context.extendedRequestId'),
  })
}

/** Any method that a route's path does not take: 405, with the ones it does (RFC 9110, 15.5.6). */
export function addMethodNotAllowed(
  resource: apigateway.IResource,
  methods: readonly string[],
  crossOrigin: boolean,
): void {
  const refusal = refusalOf('METHOD_NOT_ALLOWED')
  addAnswer(resource, 'ANY', {
    status: statusOf('METHOD_NOT_ALLOWED'),
    headers: { ...refusalHeaders(refusal, crossOrigin), Allow: [...methods, 'OPTIONS'].join(', ') },
    template: envelope(refusal, '$context.extendedRequestId'),
  })
}

/** Names the caller's origin in the answer when it is one of the allowed; API Gateway compares headers by their case. */
function originTemplate(origins: readonly string[]): string {
  if (origins.length === 0) return ''
  const known = origins.map((origin) => `$origin == "${origin}"`).join(' || ')
  return [
    '#set($origin = $input.params().header.get("Origin"))',
    '#if(!$origin)#set($origin = $input.params().header.get("origin"))#end',
    `#if(${known})`,
    '#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)',
    '#end',
  ].join('\n')
}

/** OPTIONS of a path: which methods there are, and which pages may use them. */
export function addOptions(
  resource: apigateway.IResource,
  methods: readonly string[],
  origins: readonly string[],
): void {
  const allowed = origins.length > 0
  addAnswer(resource, 'OPTIONS', {
    status: 204,
    headers: {
      ...securityHeaders,
      Allow: [...methods, 'OPTIONS'].join(', '),
      ...(allowed && { ...crossOriginHeaders, Vary: 'Origin' }),
    },
    ...(allowed && { variableHeaders: ['Access-Control-Allow-Origin'] }),
    template: originTemplate(origins),
  })
}
