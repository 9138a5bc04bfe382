/** Every refusal a client may see: one status and one sentence each, which says what to do and tells nothing secret. */
export const codes = {
  MALFORMED_JSON: [400, 'The body is not valid JSON. Send one JSON object in UTF-8.'],
  VALIDATION_FAILED: [400, 'Some fields are missing or not as they should be. See details.'],
  PIN_FORMAT: [400, 'The PIN must be exactly six digits.'],
  PIN_TRIVIAL: [400, 'This PIN is too easy to guess. Choose one without a pattern.'],
  PASSWORD_WEAK: [400, 'The new password does not meet the requirements. See details.'],
  PASSWORD_BREACHED: [400, 'This password appeared in a known data breach. Choose another one.'],
  PASSWORD_REUSED: [400, 'This password was used recently. Choose another one.'],
  PIN_REUSED: [400, 'The new PIN must differ from the old one.'],
  OTP_INVALID: [401, 'The code is wrong or no longer valid. Check it or ask for a new one.'],
  TOKEN_INVALID: [401, 'The reset token is wrong or no longer valid. Start again with a new code.'],
  CREDENTIALS_INVALID: [401, 'The sign-in details are not right.'],
  SESSION_INVALID: [401, 'The session has ended. Sign in again.'],
  PIN_INVALID: [401, 'The PIN is not right.'],
  CONSENT_REQUIRED: [403, 'Accept the legal agreement first.'],
  SECOND_FACTOR_REQUIRED: [403, 'Confirm with a code first: use /api/auth/step-up/request.'],
  NOT_ELIGIBLE: [403, 'There is no PIN to reset. Set one with /api/pin/set.'],
  FORBIDDEN: [403, 'This is not allowed for this session.'],
  NOT_FOUND: [404, 'There is nothing here.'],
  METHOD_NOT_ALLOWED: [405, 'This path does not take this method.'],
  CONFLICT: [409, 'Another identity has this email, username or phone. See details.'],
  PIN_ALREADY_SET: [409, 'A PIN is set already. Use the PIN reset.'],
  BODY_TOO_LARGE: [413, 'The body is larger than 10 KB.'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'Send the body with Content-Type: application/json.'],
  PIN_LOCKED: [423, 'The PIN is locked after too many wrong tries. Reset it to go on.'],
  RATE_LIMITED: [429, 'Too many requests. Try again later.'],
  RESEND_TOO_SOON: [429, 'A code was asked for a moment ago. Wait before asking for another.'],
  TRIES_EXHAUSTED: [429, 'Too many wrong tries. Ask for a new code later.'],
  UNAVAILABLE: [503, 'The service cannot answer right now. Try again shortly.'],
} as const satisfies Record<string, readonly [number, string]>

export type Code = keyof typeof codes

export interface Detail {
  readonly field: string
  readonly message: string
}
