/** The table of routes, held against the files and codes that it names. */
import { readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Code, codes } from '#shared/contract/codes.ts'
import { flows } from '#shared/contract/flows.ts'
import { codesOf, type RouteId, routeOf, routes, throttles, workers } from '#shared/contract/routes.ts'
import { bodies } from '#shared/contract/schemas.ts'
import { sourcesIn } from './sources.ts'

const filesIn = (folder: string) =>
  readdirSync(new URL(`../../${folder}`, import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => basename(name, '.ts'))
    .sort()
const all = (Object.keys(routes) as RouteId[]).map((id) => ({ id, route: routeOf(id) }))

test('every step has a function file, and every function file is a step of a route', () => {
  expect([...new Set(all.map(({ route }) => route.step))].sort()).toEqual(filesIn('functions'))
})

test('every worker has a function file, and the other way round', () => {
  expect([...workers].sort()).toEqual(filesIn('functions/workers'))
})

test('no two routes have the same method and path', () => {
  const keys = all.map(({ route }) => `${route.method} ${route.path}`)
  expect(new Set(keys).size).toBe(keys.length)
})

test('every body schema and every flow is used by a route', () => {
  const used = new Set(all.map(({ route }) => route.body).filter(Boolean))
  expect([...used].sort()).toEqual(Object.keys(bodies).sort())
  const ran = new Set(all.map(({ route }) => route.flow).filter(Boolean))
  expect([...ran].sort()).toEqual(Object.keys(flows).sort())
})

test('a GET takes no body and changes nothing: only reading steps are behind it', () => {
  const reads = all.filter(({ route }) => route.method === 'GET')
  expect(reads.map(({ route }) => route.step).sort()).toEqual([
    'find-identity',
    'get-identity',
    'get-session',
    'get-session',
    'health',
    'identity-state',
    'list-sessions',
    'read-ledger',
  ])
  for (const { route } of reads) expect(route.body).toBeUndefined()
})

test('who may call: the paths under /admin are the admin’s, and no other', () => {
  for (const { route } of all) expect(route.access === 'admin').toBe(route.path.startsWith('/admin/'))
  const open = all.filter(({ route }) => route.access === 'public').map(({ id }) => id)
  expect(open.sort()).toEqual([
    'forgotPassword',
    'health',
    'login',
    'notMe',
    'requestPasswordReset',
    'requestPinReset',
    'requestTwoFactor',
    'resendPasswordResetOtp',
    'resetPasswordBasic',
    'resetPasswordEmail',
    'resetPasswordTwoFactor',
    'resetPin',
    'verifyIdentity',
    'verifyLogin',
    'verifyOtpTwoFactor',
    'verifyPasswordResetOtp',
    'verifyResetOtp',
  ])
})

describe('codes', () => {
  const table: Record<number, Code[]> = {
    400: [
      'MALFORMED_JSON',
      'VALIDATION_FAILED',
      'PIN_FORMAT',
      'PIN_TRIVIAL',
      'PASSWORD_WEAK',
      'PASSWORD_BREACHED',
      'PASSWORD_REUSED',
      'PIN_REUSED',
    ],
    401: ['OTP_INVALID', 'TOKEN_INVALID', 'CREDENTIALS_INVALID', 'SESSION_INVALID', 'PIN_INVALID'],
    403: ['CONSENT_REQUIRED', 'SECOND_FACTOR_REQUIRED', 'NOT_ELIGIBLE', 'FORBIDDEN'],
    404: ['NOT_FOUND'],
    405: ['METHOD_NOT_ALLOWED'],
    409: ['PIN_ALREADY_SET', 'CONFLICT'],
    413: ['BODY_TOO_LARGE'],
    415: ['UNSUPPORTED_MEDIA_TYPE'],
    423: ['PIN_LOCKED'],
    429: ['RATE_LIMITED', 'RESEND_TOO_SOON', 'TRIES_EXHAUSTED'],
    503: ['UNAVAILABLE'],
  }

  test('each code has the one status that was agreed, and there are no others', () => {
    const pairs = Object.entries(table).flatMap(([status, names]) =>
      names.map((name) => [name, Number(status)]),
    )
    const own = Object.entries(codes).map(([name, [status]]) => [name, status])
    expect(own.toSorted()).toEqual(pairs.toSorted())
  })

  test('each code has a sentence of its own', () => {
    const sentences = Object.values(codes).map(([, sentence]) => sentence)
    expect(new Set(sentences).size).toBe(sentences.length)
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/)
  })

  test('every code but those of the gateway alone is documented at a route', () => {
    const documented = new Set(all.flatMap(({ route }) => codesOf(route)))
    const missing = (Object.keys(codes) as Code[]).filter((code) => !documented.has(code))
    expect(missing).toEqual(['METHOD_NOT_ALLOWED'])
  })
})

test('every refusal that a function names is documented at all routes of its step', () => {
  const functions = new Map(sourcesIn('functions').map(({ path, code }) => [basename(path, '.ts'), code]))
  const undocumented = all.flatMap(({ id, route }) => {
    const named = [...(functions.get(route.step) ?? '').matchAll(/refuse(?:As|New)?\('([A-Z_]+)'/g)]
    const known = new Set<string>(codesOf(route))
    return named.flatMap(([, code = '']) => (known.has(code) ? [] : [`${id} ${code}`]))
  })
  expect(undocumented).toEqual([])
})

test('every throttle is used, and every route has one', () => {
  expect([...new Set(all.map(({ route }) => route.throttle))].sort()).toEqual(Object.keys(throttles).sort())
})
