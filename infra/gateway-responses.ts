/** What API Gateway says when a request does not reach a function. Every kind it has is named here. */
import * as apigateway from 'aws-cdk-lib/aws-apigateway'
import type { Code } from '../shared/contract/codes.ts'
import { envelope, literal, refusalHeaders, refusalOf, statusOf } from './envelope.ts'

const { ResponseType } = apigateway

/** Unsigned or wrongly signed calls of the admin routes are FORBIDDEN: each path has ANY, so nothing else gets there. */
const gatewayRefusals: readonly (readonly [apigateway.ResponseType, Code])[] = [
  [ResponseType.ACCESS_DENIED, 'FORBIDDEN'],
  [ResponseType.API_CONFIGURATION_ERROR, 'UNAVAILABLE'],
  [ResponseType.AUTHORIZER_CONFIGURATION_ERROR, 'UNAVAILABLE'],
  [ResponseType.AUTHORIZER_FAILURE, 'UNAVAILABLE'],
  [ResponseType.BAD_REQUEST_BODY, 'VALIDATION_FAILED'],
  [ResponseType.BAD_REQUEST_PARAMETERS, 'VALIDATION_FAILED'],
  [ResponseType.DEFAULT_4XX, 'VALIDATION_FAILED'],
  [ResponseType.DEFAULT_5XX, 'UNAVAILABLE'],
  [ResponseType.EXPIRED_TOKEN, 'FORBIDDEN'],
  [ResponseType.INTEGRATION_FAILURE, 'UNAVAILABLE'],
  [ResponseType.INTEGRATION_TIMEOUT, 'UNAVAILABLE'],
  [ResponseType.INVALID_API_KEY, 'FORBIDDEN'],
  [ResponseType.INVALID_SIGNATURE, 'FORBIDDEN'],
  [ResponseType.MISSING_AUTHENTICATION_TOKEN, 'FORBIDDEN'],
  [ResponseType.QUOTA_EXCEEDED, 'RATE_LIMITED'],
  [ResponseType.REQUEST_TOO_LARGE, 'BODY_TOO_LARGE'],
  [ResponseType.RESOURCE_NOT_FOUND, 'NOT_FOUND'],
  [ResponseType.THROTTLED, 'RATE_LIMITED'],
  [ResponseType.UNAUTHORIZED, 'FORBIDDEN'],
  [ResponseType.UNSUPPORTED_MEDIA_TYPE, 'UNSUPPORTED_MEDIA_TYPE'],
  [ResponseType.WAF_FILTERED, 'FORBIDDEN'],
]

/** @param crossOrigin whether browser pages of other origins use the API */
export function addGatewayResponses(api: apigateway.RestApi, crossOrigin: boolean): void {
  for (const [type, code] of gatewayRefusals) {
    const refusal = refusalOf(code)
    const headers = Object.entries(refusalHeaders(refusal, crossOrigin)).map(
      ([name, value]) => [name, literal(value)] as const,
    )
    api.addGatewayResponse(`${type.responseType}`, {
      type,
      statusCode: String(statusOf(code)),
      responseHeaders: { ...Object.fromEntries(headers), 'x-request-id': 'context.extendedRequestId' },
      templates: { 'application/json': envelope(refusal, '$context.extendedRequestId') },
    })
  }
}
