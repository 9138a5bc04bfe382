/** Methods that API Gateway answers by itself: 404 where nothing is, 405 for other methods, and OPTIONS. One ANY a path does for all. */
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

/** What the client gets: the headers beside the id of the request, and the body. */
function integrationResponse({ status, headers, template }: Answer, chosenBy?: string) {
  const parameters = Object.entries({ ...headers, 'x-request-id': undefined }).map(([name, value]) => [
    `method.response.header.${name}`,
    value === undefined ? 'context.extendedRequestId' : literal(value),
  ])
  return {
    statusCode: String(status),
    ...(chosenBy !== undefined && { selectionPattern: chosenBy }),
    responseParameters: Object.fromEntries(parameters),
    responseTemplates: { 'application/json': template },
  }
}

function methodResponse({ status, headers, variableHeaders = [] }: Answer) {
  const names = [...Object.keys(headers), 'x-request-id', ...variableHeaders]
  return {
    statusCode: String(status),
    responseParameters: Object.fromEntries(names.map((name) => [`method.response.header.${name}`, true])),
  }
}

/** Every method of a path that no route takes; `options`, where it is given, is for that one. */
function addAnswers(resource: apigateway.IResource, answer: Answer, options?: Answer): void {
  const chosen = ({ status }: Answer) => JSON.stringify({ statusCode: status })
  const request = options
    ? `#if($context.httpMethod == "OPTIONS")${chosen(options)}#else${chosen(answer)}#end`
    : chosen(answer)
  const answers = options ? [answer, options] : [answer]
  const added = resource.addMethod(
    'ANY',
    new apigateway.MockIntegration({
      passthroughBehavior: apigateway.PassthroughBehavior.NEVER,
      requestTemplates: Object.fromEntries(mediaTypes.map((type) => [type, request])),
      // The first has no pattern: it is what is answered unless another one fits.
      integrationResponses: answers.map((each) =>
        integrationResponse(each, each === answer ? undefined : String(each.status)),
      ),
    }),
    {
      authorizationType: apigateway.AuthorizationType.NONE,
      methodResponses: answers.map(methodResponse),
    },
  )
  acknowledgePublic(added, 'A fixed answer that holds nothing: there is nobody to ask for leave.')
}

/** Beside each method that anyone may call. */
export function acknowledgePublic(method: apigateway.Method, reason: string): void {
  for (const rule of ['AwsSolutions-APIG4', 'AwsSolutions-COG4']) acknowledge(method, rule, reason)
}

function refused(code: 'NOT_FOUND' | 'METHOD_NOT_ALLOWED', crossOrigin: boolean): Answer {
  const refusal = refusalOf(code)
  return {
    status: statusOf(code),
    headers: refusalHeaders(refusal, crossOrigin),
    template: envelope(refusal, '$context.extendedRequestId'),
  }
}

/** Any method where there is no route: 404. */
export const addNotFound = (resource: apigateway.IResource, crossOrigin: boolean): void =>
  addAnswers(resource, refused('NOT_FOUND', crossOrigin))

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

/**
 * Methods of a path that are no route: OPTIONS tells which methods there are, and which pages may use them; every other
 * one is 405, with the ones that there are (RFC 9110, 15.5.6).
 */
export function addOtherMethods(
  resource: apigateway.IResource,
  methods: readonly string[],
  origins: readonly string[],
): void {
  const crossOrigin = origins.length > 0
  const Allow = [...methods, 'OPTIONS'].join(', ')
  const notAllowed = refused('METHOD_NOT_ALLOWED', crossOrigin)
  addAnswers(
    resource,
    { ...notAllowed, headers: { ...notAllowed.headers, Allow } },
    {
      status: 204,
      headers: { ...securityHeaders, Allow, ...(crossOrigin && { ...crossOriginHeaders, Vary: 'Origin' }) },
      ...(crossOrigin && { variableHeaders: ['Access-Control-Allow-Origin'] }),
      template: originTemplate(origins),
    },
  )
}
