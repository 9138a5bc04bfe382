/** Content-Security-Policy of the pages: nothing inline, nothing from elsewhere, never in a frame. */

/** @param api origin of the API; empty for the pages' own */
export function pagePolicy(api = ''): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self'${api === '' ? '' : ` ${api}`}`,
    "img-src 'self' data:",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')
}
