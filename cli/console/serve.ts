/**
 * The support page on this machine, with the caller's AWS credentials behind it. It passes on what support may call and nothing
 * else; who asks must hold what was printed at the start, so that no other page and no other user of the machine does (ADR 0113).
 */
import { refuse } from '#shared/call/reply.ts'
import { routeOf } from '#shared/contract/routes.ts'
import { type SupportPageRoute, supportPageRoutes } from '#shared/contract/support-routes.ts'
import { matches } from '#shared/crypto/compare.ts'
import { securityHeaders } from '#shared/edge/headers.ts'
import { policy } from '#shared/policy.ts'
import { foreignMessage, isForeign } from '../../local/foreign.ts'
import type { Dispatch } from '../../local/gateway/dispatch.ts'
import type { GatewayRequest, GatewayResponse } from '../../local/gateway/message.ts'
import { matchRoute } from '../../local/gateway/router.ts'
import { type GatewayServer, startServer } from '../../local/gateway/server.ts'
import { pageHeaders } from '../../web/page-headers.ts'
import { consoleHeader } from '../../web/support/console-header.ts'
import { supportAssets, supportPage } from '../../web/support/page.ts'
import { type AdminCall, askAdmin, isFoldedAway, refusal } from '../admin.ts'
import { endOf } from '../ending.ts'

export interface Console {
  /** What a call must carry. */
  readonly token: string
  /** Whose people these are and who asks, in words: told to whoever holds the token. */
  readonly where: string
  /** Whether the API is a local stack's. */
  readonly isLocal: boolean
}

const assetPath = '/support'
const noStack = 'The local stack does not answer. Start it again with “npm start”.'
const noToken =
  'Open the address that “latchkey console” printed at its start: it holds what this page needs.'

const json = (status: number, value: unknown, requestId?: string): GatewayResponse => ({
  status,
  headers: {
    ...securityHeaders,
    'Content-Type': 'application/json; charset=utf-8',
    ...(requestId !== undefined && { 'x-request-id': requestId }),
  },
  body: typeof value === 'string' ? value : JSON.stringify(value),
})

const failed = (status: number, code: string, message: string) =>
  json(status, { success: false, error: { code, message } })

const file = (type: string, body: string): GatewayResponse => ({
  status: 200,
  headers: { ...pageHeaders(), 'Cache-Control': 'no-store', 'Content-Type': `text/${type}; charset=utf-8` },
  body,
})

/** The page's own files hold no secret and nobody's name, so whoever is on this machine may have them. */
const files: Readonly<Record<string, () => Promise<GatewayResponse>>> = {
  '/': async () => file('html', supportPage({ by: 'console', path: assetPath, where: '' })),
  [`${assetPath}.js`]: async () => file('javascript', (await supportAssets()).script),
  [`${assetPath}.css`]: async () => file('css', (await supportAssets()).style),
}

const holds = (token: string, { headers }: GatewayRequest) => {
  const given = headers.filter(([name]) => name.toLowerCase() === consoleHeader)
  return given.length === 1 && matches(given[0]?.[1] ?? '', token)
}

/** @returns the body as an object; undefined for none, null for what is no object */
function bodyOf({ body }: GatewayRequest): Record<string, unknown> | undefined | null {
  if (body.length === 0) return undefined
  try {
    const value: unknown = JSON.parse(body.toString())
    return typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown> | null)
      : null
  } catch {
    return null
  }
}

/** Which of support's routes is asked, and how. */
function callOf(
  request: GatewayRequest,
  body: AdminCall['body'],
): { readonly id: SupportPageRoute; readonly call: AdminCall } | undefined {
  const [path = '', query = ''] = request.target.split('?', 2)
  const match = matchRoute(request.method, path)
  const id =
    match?.found === 'route' ? supportPageRoutes.find((each) => routeOf(each) === match.route) : undefined
  if (match?.found !== 'route' || id === undefined) return undefined
  const { userId } = match.pathParameters
  if (userId !== undefined && isFoldedAway(userId)) return undefined
  return {
    id,
    call: {
      ...(userId !== undefined && { userId }),
      ...(query !== '' && { query: Object.fromEntries(new URLSearchParams(query)) }),
      ...(body !== undefined && { body }),
    },
  }
}

/** Asks the API, and says in words what the API or AWS said. */
async function pass(request: GatewayRequest, isLocal: boolean): Promise<GatewayResponse> {
  const body = bodyOf(request)
  if (body === null) return json(400, refuse('MALFORMED_JSON').body)
  const asked = callOf(request, body)
  if (asked === undefined)
    return failed(404, 'NOT_FOUND', 'The console passes on the routes of support, and no others.')
  const { id, call } = asked
  try {
    const answer = await askAdmin(id, call, isLocal)
    if (answer.status !== 403) return json(answer.status, answer.text, answer.requestId)
    return failed(403, 'FORBIDDEN', (await refusal(id, answer, isLocal)).message)
  } catch (error) {
    return failed(502, 'NOT_REACHED', isLocal ? noStack : (await endOf(error)).message)
  }
}

/**
 * What proves an entry, made here: it takes the ledger, the checkpoints and the public key, which support's own role has no right to.
 * So it is for callers who may read as an auditor too; the others are told who makes it.
 */
async function receipt(target: string): Promise<GatewayResponse> {
  const query = new URLSearchParams(target.split('?', 2)[1])
  const [userId, seq] = [query.get('userId') ?? '', query.get('seq') ?? '']
  try {
    // Loaded late: the rest of the console needs no settings but the API's address.
    const { receiptFor } = await import('#shared/stores/receipts.ts')
    const found = await receiptFor(userId, seq)
    return 'problem' in found ? failed(404, 'NOT_FOUND', found.problem) : json(200, found.receipt)
  } catch (error) {
    const why = (await endOf(error)).message.split('\n')[0]
    return failed(
      502,
      'NOT_REACHED',
      `A receipt takes the role "auditor", and its settings: “latchkey ledger receipt” makes it. (${why})`,
    )
  }
}

/** What answers requests to the console. */
export const answering =
  (options: Console): Dispatch =>
  async (request) => {
    if (isForeign(request.headers)) return failed(403, 'FORBIDDEN', foreignMessage)
    const [path = ''] = request.target.split('?', 1)
    const own = Object.hasOwn(files, path) ? files[path] : undefined
    if (own !== undefined && ['GET', 'HEAD'].includes(request.method)) return own()
    if (!holds(options.token, request)) return failed(401, 'CONSOLE_TOKEN', noToken)
    if (request.body.length > policy.bodyMaxBytes) return json(413, refuse('BODY_TOO_LARGE').body)
    if (path === `${assetPath}/receipt` && request.method === 'GET') return receipt(request.target)
    if (path === '/about' && request.method === 'GET') return json(200, { where: options.where })
    return pass(request, options.isLocal)
  }

/** Serves until it is closed. @param port 0: one that is free. @throws the system's error, such as EADDRINUSE, when the port cannot be had */
export const serveConsole = (port: number, options: Console): Promise<GatewayServer> =>
  startServer({
    port,
    sourceIp: (address) => address,
    answer: answering(options),
    report: (problem) => process.stderr.write(`latchkey: ${problem}\n`),
  })
