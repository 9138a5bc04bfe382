/** What goes with every page and asset, whoever serves it: the local stack and CloudFront read it here. */
import { securityHeaders } from '#shared/edge/headers.ts'
import { pagePolicy } from './page-policy.ts'

const { 'Cache-Control': _perFile, ...sameAsTheApi } = securityHeaders

/** @param api origin of the API; empty for the pages' own */
export const pageHeaders = (api = ''): Readonly<Record<string, string>> => ({
  ...sameAsTheApi,
  'Content-Security-Policy': pagePolicy(api),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), otp-credentials=(self)',
})

/** `Cache-Control`: the build puts a hash of the content into an asset's name, so a file of that name never changes. */
export const pageCaching = {
  asset: 'public, max-age=31536000, immutable',
  other: 'no-cache',
} as const
