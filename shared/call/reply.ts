/** Replies in the one envelope all routes share. */
import { type Code, codes, type Detail } from '../contract/codes.ts'

export interface Reply {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
  /** The refusal, for the log line. */
  readonly code?: Code
}

/**
 * @param message one sentence for the person
 * @param data what the route gives
 * @param top names the seeds put at top level as well
 */
export function done(
  message: string,
  data: Readonly<Record<string, unknown>> = {},
  top: Readonly<Record<string, unknown>> = {},
): Reply {
  return { status: 200, body: { success: true, message, data, ...top } }
}

export const created = (message: string, data: Readonly<Record<string, unknown>>): Reply => ({
  ...done(message, data),
  status: 201,
})

export interface RefusalExtras {
  readonly message?: string
  readonly details?: readonly Detail[]
  readonly retryAfterSeconds?: number
}

/** The edge adds the request id. 429 and 503 always say when to come back. */
export function refuse(code: Code, extras: RefusalExtras = {}): Reply {
  const [status, message] = codes[code]
  const retryAfterSeconds = extras.retryAfterSeconds ?? (status === 429 || status === 503 ? 1 : undefined)
  return {
    status,
    code,
    body: {
      success: false,
      error: { code, message, ...extras, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) },
    },
    ...(retryAfterSeconds !== undefined && { headers: { 'Retry-After': String(retryAfterSeconds) } }),
  }
}
