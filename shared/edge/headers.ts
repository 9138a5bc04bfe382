/** Headers of every reply: OWASP secure headers for an API, and CORS for the origins the deployer names. */

export const securityHeaders = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const

/** What a browser page of another origin may do and see. */
export const crossOriginHeaders = {
  'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE, OPTIONS',
  'Access-Control-Allow-Headers': 'Authorization, Content-Type',
  'Access-Control-Expose-Headers': 'Retry-After, x-request-id',
  'Access-Control-Max-Age': '600',
} as const

/** @returns the CORS headers for an allowed `Origin`, else none. */
export function crossOrigin(
  headers: Readonly<Record<string, string | undefined>>,
  allowed: readonly string[],
): Record<string, string> {
  if (allowed.length === 0) return {}
  const origin = Object.entries(headers).find(([name]) => name.toLowerCase() === 'origin')?.[1]
  if (origin === undefined || !allowed.includes(origin)) return { Vary: 'Origin' }
  return { ...crossOriginHeaders, 'Access-Control-Allow-Origin': origin, Vary: 'Origin' }
}
