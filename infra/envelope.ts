/** Refusals that API Gateway and the firewall give by themselves, in the envelope of all replies. */
import { type Code, codes } from '../shared/contract/codes.ts'
import { crossOriginHeaders, securityHeaders } from '../shared/edge/headers.ts'

export interface Refusal {
  readonly code: Code
  readonly retryAfterSeconds?: number
}

export const statusOf = (code: Code): number => codes[code][0]

/** 429 and 503 always say when to come back. */
export function refusalOf(code: Code, retryAfterSeconds = 1): Refusal {
  const status = statusOf(code)
  return status === 429 || status === 503 ? { code, retryAfterSeconds } : { code }
}

/** @param requestId a value, or the variable by which the service puts it in */
export function envelope({ code, retryAfterSeconds }: Refusal, requestId: string): string {
  const error = { code, message: codes[code][1], ...(retryAfterSeconds && { retryAfterSeconds }) }
  return JSON.stringify({ success: false, error, requestId })
}

/**
 * Headers beside the body. Any page may read these refusals: they are the same for everyone, and API Gateway
 * cannot choose among several origins here.
 */
export function refusalHeaders({ retryAfterSeconds }: Refusal, crossOrigin: boolean): Record<string, string> {
  return {
    ...securityHeaders,
    ...(retryAfterSeconds && { 'Retry-After': String(retryAfterSeconds) }),
    ...(crossOrigin && {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Expose-Headers': crossOriginHeaders['Access-Control-Expose-Headers'],
    }),
  }
}

/** Header values as API Gateway wants literals: in single quotes. */
export const literal = (value: string) => `'${value.replaceAll("'", "\\'")}'`
