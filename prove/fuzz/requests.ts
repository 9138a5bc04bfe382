/** Requests of two kinds: such as people send, and such as must be refused and change nothing. */
import fc, { type Arbitrary } from 'fast-check'
import { type RouteId, routeOf, routes } from '#shared/contract/routes.ts'
import { bodies } from '#shared/contract/schemas.ts'
import type { WireRequest } from '../http/wire.ts'
import { type ValidBodies, validBodies } from './bodies.ts'
import type { Cast } from './cast.ts'
import { spoilt, wrongBytes } from './spoil.ts'

const ids = Object.keys(routes) as RouteId[]
const jsonType = ['Content-Type', 'application/json'] as const
type Headers = WireRequest['headers']

const address = fc
  .tuple(fc.nat(255), fc.nat(255), fc.integer({ min: 2, max: 254 }))
  .map((part) => `127.${part.join('.')}`)

const bearer = (token: string): Headers => [['Authorization', `Bearer ${token}`]]

/** What is no session, in all the ways a header can be wrong. */
const deadAuthorization = (cast: Cast): Arbitrary<Headers> =>
  fc.oneof(
    fc.constantFrom(...cast.dead).map(bearer),
    fc.constantFrom<Headers>(
      [],
      [['Authorization', '']],
      [['Authorization', 'Bearer']],
      [['Authorization', 'Bearer  ']],
      [['Authorization', `Basic ${Buffer.from('a:b').toString('base64')}`]],
      [['Authorization', cast.live[0] ?? '']],
      [['Authorization', `Bearer ${cast.live[0]}, Bearer ${cast.live[1]}`]],
      [['Authorization', `Bearer\t\t${cast.live[0]} x`]],
      [['X-Authorization', `Bearer ${cast.live[0]}`]],
      bearer('a'.repeat(4000)),
      bearer('u-x.AAAA.\xff\xfe'),
      bearer('..'),
    ),
    fc.string({ unit: fc.constantFrom(...'abAB01._~+/-='), maxLength: 120 }).map(bearer),
  )

const liveAuthorization = (cast: Cast) => fc.constantFrom(...cast.live).map(bearer)

/** More headers than a request needs; none that says what the body is, or who sends it. */
const extraHeaders: Arbitrary<Headers> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Headers>([]) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Headers>(
      Array.from({ length: 60 }, (_, place) => [`X-Many-${place}`, 'x'.repeat(100)] as const),
      [
        ['X-Forwarded-For', '203.0.113.1'],
        ['Forwarded', 'for=203.0.113.1;host=evil.example'],
      ],
      [
        ['X-Forwarded-Host', 'evil.example'],
        ['X-Original-URL', '/admin/identities/u-x'],
      ],
      [
        ['X-Amzn-RequestId', 'chosen'],
        ['X-Amzn-RequestId', 'a\xe9'],
      ],
      [['X-HTTP-Method-Override', 'DELETE']],
      [['User-Agent', '\xc3\x28'.repeat(200)]],
      [
        ['Accept', 'text/html'],
        ['Accept-Encoding', 'br, gzip'],
        ['Cookie', `a=${'b'.repeat(2000)}`],
      ],
      [
        ['Origin', 'null'],
        ['Origin', 'https://evil.example'],
      ],
      [['Expect', '100-continue']],
    ),
  },
)

const queries = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '?',
      '?a',
      '?%zz',
      '?a=1&a=2',
      '?__proto__=1',
      `?${'q=1&'.repeat(500)}`,
      '?%00=%ff',
    ),
  },
)

const userIds = (cast: Cast) =>
  fc.oneof(
    fc.constantFrom(...cast.people.map((person) => person.userId)),
    fc.string({ unit: fc.constantFrom(...'abcXYZ019_-+:@'), minLength: 1, maxLength: 128 }),
  )
const noUserIds = fc.constantFrom(
  '%00',
  '~decoy',
  'a%20b',
  '%c3%a9',
  'x'.repeat(129),
  '%2e%2e',
  'U%23x',
  '..;',
  '%zz',
  'é',
)

const filled = (path: string, id: string) => path.replace(/\{\w+\}/, id)

function validRequest(id: RouteId, cast: Cast, make: ValidBodies): Arbitrary<WireRequest> {
  const route = routeOf(id)
  const body = route.body ? make(route.body).map((value) => JSON.stringify(value)) : fc.constant('')
  const authorization =
    route.access === 'session'
      ? fc.oneof(
          { weight: 5, arbitrary: liveAuthorization(cast) },
          { weight: 1, arbitrary: deadAuthorization(cast) },
        )
      : fc.constant<Headers>([])
  const type = fc.constantFrom(jsonType, ['content-type', 'Application/JSON ; charset=UTF-8'] as const)
  return fc
    .record({
      body,
      authorization,
      type,
      extra: extraHeaders,
      userId: userIds(cast),
      query: queries,
      chunked: fc.boolean(),
      from: address,
    })
    .map(({ authorization: own, type: media, extra, userId, query, ...rest }) => ({
      ...rest,
      method: route.method,
      target: `${filled(route.path, userId)}${id === 'identityLedger' ? '' : query}`,
      headers: [...own, ...(route.body ? [media] : []), ...extra],
    }))
}

/** Whether the route would take the text: such a body is not malformed. */
function isTaken(id: RouteId, text: string): boolean {
  const { body, bodyOptional } = routeOf(id)
  if (body === undefined || (text === '' && bodyOptional)) return true
  try {
    return bodies[body].safeParse(JSON.parse(text)).success
  } catch {
    return false
  }
}

const withBody = ids.filter((id) => routeOf(id).body !== undefined)
const tooLarge = 10_240

function badBody(id: RouteId, cast: Cast, make: ValidBodies): Arbitrary<WireRequest> {
  const route = routeOf(id)
  const text = make(route.body ?? 'none').chain(spoilt)
  const bad = text.filter((each) => Buffer.byteLength(each) > tooLarge || !isTaken(id, each.toWellFormed()))
  const bytes = make(route.body ?? 'none').chain((body) => wrongBytes(JSON.stringify(body)))
  const authorization = route.access === 'session' ? liveAuthorization(cast) : fc.constant<Headers>([])
  const type = fc.constantFrom<Headers>(
    [jsonType],
    [['content-type', 'application/json; charset=utf-16']],
    [['Content-Type', 'application/json;boundary="x"']],
    [jsonType, ['Content-Encoding', 'gzip']],
  )
  return fc
    .record({
      body: fc.oneof({ weight: 8, arbitrary: bad }, { weight: 1, arbitrary: bytes }),
      authorization,
      type,
      extra: extraHeaders,
      userId: userIds(cast),
      query: queries,
      chunked: fc.boolean(),
    })
    .map(({ authorization: own, type: media, extra, userId, query, ...rest }) => ({
      ...rest,
      method: route.method,
      target: `${filled(route.path, userId)}${query}`,
      headers: [...own, ...media, ...extra],
    }))
}

const wrongTypes = fc.constantFrom<Headers>(
  [],
  [['Content-Type', '']],
  [['Content-Type', 'text/plain']],
  [['Content-Type', 'application/x-www-form-urlencoded']],
  [['Content-Type', 'multipart/form-data; boundary=x']],
  [['Content-Type', 'application/jsonp']],
  [['Content-Type', 'application/json, text/plain']],
  [['Content-Type', 'text/json']],
  [['Content-Type', 'application/merge-patch+json']],
  [['Content-Type', '\xa0application/json']],
)

/** A right body that nobody says is JSON. */
const wrongType = (id: RouteId, cast: Cast, make: ValidBodies): Arbitrary<WireRequest> =>
  fc
    .record({
      // An absent body where none is needed is of no type.
      body: make(routeOf(id).body ?? 'none').map((value) => JSON.stringify(value)),
      headers: wrongTypes,
      userId: userIds(cast),
      chunked: fc.boolean(),
    })
    .map(({ userId, ...rest }) => ({
      ...rest,
      method: routeOf(id).method,
      target: filled(routeOf(id).path, userId),
    }))

/** A right request of nobody's. */
const noSession = (id: RouteId, cast: Cast, make: ValidBodies): Arbitrary<WireRequest> =>
  fc
    .record({ request: validRequest(id, cast, make), headers: deadAuthorization(cast) })
    .map(({ request, headers }) => ({
      ...request,
      headers: [...headers, ...request.headers.filter(([name]) => name.toLowerCase() !== 'authorization')],
    }))

const otherMethods = [
  'GET',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PUT',
  'PATCH',
  'DELETE',
  'POST',
  'PROPFIND',
  'M-SEARCH',
]

/** A method that the path does not take, with and without a body. */
const wrongMethod = (id: RouteId, cast: Cast): Arbitrary<WireRequest> => {
  const own = ids
    .filter((each) => routeOf(each).path === routeOf(id).path)
    .map((each) => routeOf(each).method)
  const methods = otherMethods.filter((method) => !own.some((each) => each === method))
  return fc
    .record({
      method: fc.constantFrom(...methods),
      body: fc.constantFrom('', '{}'),
      userId: userIds(cast),
      query: queries,
      chunked: fc.boolean(),
      authorization: liveAuthorization(cast),
    })
    .map(({ userId, query, authorization, ...rest }) => ({
      ...rest,
      target: `${filled(routeOf(id).path, userId)}${query}`,
      headers: [...authorization, jsonType],
    }))
}

const bent: readonly ((path: string) => string)[] = [
  (path) => `${path}/`,
  (path) => `/${path}`,
  (path) => path.replace(/\/([^/]*)$/, '%2f$1'),
  (path) => path.replace(/\/([^/]*)$/, '//$1'),
  (path) => path.toUpperCase(),
  (path) =>
    path.replace(
      /([a-z])([^/]*)$/,
      (_, letter: string, rest: string) => `%${letter.charCodeAt(0).toString(16)}${rest}`,
    ),
  (path) => `/x/..${path}`,
  (path) => `/.${path}`,
  (path) => `${path};a=b`,
  (path) => `${path}%00`,
  (path) => `${path}%`,
  // No sign that a userId may hold, so that the last part of no path is a name.
  (path) => `${path}~json`,
  (path) => `${path}/${'y'.repeat(5000)}`,
  (path) => path.replace(/\/[^/]*$/, '/%c0%ae'),
  (path) => `http://127.0.0.1${path}`,
]

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

/** A path that is not the route's, or a userId that is none. */
function wrongPath(id: RouteId, cast: Cast, make: ValidBodies): Arbitrary<WireRequest> {
  const { path } = routeOf(id)
  const other = fc
    .tuple(fc.constantFrom(...bent), userIds(cast))
    .map(([bend, userId]) => ({ right: filled(path, userId), wrong: bend(filled(path, userId)) }))
    // An id without small letters leaves some as they are, and one with a letter in percents is the same id.
    .filter(({ right, wrong }) => wrong !== right && !(path.endsWith('}') && decoded(wrong) === right))
    .map(({ wrong }) => wrong)
  const target = path.includes('{userId}')
    ? fc.oneof(
        other,
        noUserIds.map((userId) => filled(path, userId)),
      )
    : other
  return fc.tuple(validRequest(id, cast, make), target).map(([request, bad]) => ({ ...request, target: bad }))
}

export interface Kinds {
  /** Such as people send: answered as the document says, whatever it is. */
  readonly valid: Arbitrary<WireRequest>
  /** Refused, and nothing changes. */
  readonly malformed: Arbitrary<WireRequest>
}

/** @param cast whose sessions and names stand in the requests */
export function requestsOf(cast: Cast): Kinds {
  const make = validBodies(cast)
  const any = (of: readonly RouteId[], kind: (id: RouteId) => Arbitrary<WireRequest>) =>
    fc.oneof(...of.map(kind))
  const behindSession = ids.filter((id) => routeOf(id).access === 'session')
  const needsBody = withBody.filter((id) => routeOf(id).bodyOptional !== true)
  return {
    valid: any(ids, (id) => validRequest(id, cast, make)),
    malformed: fc.oneof(
      { weight: 12, arbitrary: any(withBody, (id) => badBody(id, cast, make)) },
      { weight: 2, arbitrary: any(needsBody, (id) => wrongType(id, cast, make)) },
      { weight: 2, arbitrary: any(behindSession, (id) => noSession(id, cast, make)) },
      { weight: 2, arbitrary: any(ids, (id) => wrongMethod(id, cast)) },
      { weight: 2, arbitrary: any(ids, (id) => wrongPath(id, cast, make)) },
    ),
  }
}
