/** Storms of malformed requests between the requests of people: every reply as the document says, and nothing changes. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { canonical } from '#shared/ledger/canonical.ts'
import type { Item } from '#shared/stores/database.ts'
import { addressOf, proofOf, type RecoveryFlow, recoveryFlows, resetSecret } from '#test/support/recovery.ts'
import { withPin } from '#test/support/sessions.ts'
import { itemsOf } from '#test/support/sessions-stored.ts'
import type { TestIdentity, World } from '#test/support/world.ts'
import { send, sendRaw, type WireReply, type WireRequest } from '../http/wire.ts'
import { gather } from './cast.ts'
import { faultsOf, meantBy, takesBody } from './document.ts'
import { notHttp } from './not-http.ts'
import { requestsOf } from './requests.ts'

/** Seal is moved by a schedule; what a session was last used is written by any request that shows it. */
const tables = ['identities', 'challenges', 'sessions', 'outbox', 'notices', 'ledger'] as const
const atOnce = 8
/** Requests of people cost a database and hashes, malformed ones next to nothing. */
const fewestOfPeople = 40
const stormsAtATime = 10

export interface Tally {
  requests: number
  malformed: number
  storms: number
  codesStillGood: number
  /** How often each answer came, by status and code. */
  readonly answers: Map<string, number>
}

/** A digest of each item by its key. */
async function stateOf(): Promise<ReadonlyMap<string, string>> {
  const state = new Map<string, string>()
  for (const table of tables)
    for (const stored of await itemsOf(table)) {
      const { lastUsedAt: _, ...item }: Item = { ...stored }
      const { pk, sk, userId, sessionId, chain, seq } = item
      const key = [table, pk, sk, ...(pk === undefined ? [userId, sessionId, chain, seq] : [])].join(' ')
      state.set(key, createHash('sha256').update(canonical(item)).digest('base64'))
    }
  return state
}

function changesBetween(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const changed = [...after].filter(([key, digest]) => before.get(key) !== digest).map(([key]) => key)
  return [...changed, ...[...before.keys()].filter((key) => !after.has(key)).map((key) => `${key} is gone`)]
}

async function inTurns<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items]
  const work = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await run(item)
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}

const readable = ({ body, ...request }: WireRequest) =>
  JSON.stringify({
    ...request,
    body: typeof body === 'string' ? body : `bytes ${Buffer.from(body).toString('hex')}`,
  })

function fail(what: string, request: WireRequest, reply: WireReply): never {
  throw new Error(`${what}\n  ${readable(request)}\n  ${reply.status} ${reply.body}`)
}

const unread = ['MALFORMED_JSON', 'UNSUPPORTED_MEDIA_TYPE', 'BODY_TOO_LARGE', 'VALIDATION_FAILED']

/** What only an admin's record or the file format of hashes can tell is no deviation from the schema. */
const isRead = (request: WireRequest, reply: WireReply) =>
  !unread.includes(codeOf(reply)) || request.method === 'PUT' || request.target.startsWith('/admin/')

const codeOf = ({ body }: WireReply): string => /"code":"([A-Z_]+)"/.exec(body)?.[1] ?? ''

/** A storm's request is refused; a preflight, or a hosted page's address, is answered and changes nothing either. */
function isRefused(request: WireRequest, reply: WireReply): boolean {
  if (reply.status >= 400) return true
  if (request.method === 'OPTIONS') return reply.status === 204
  return meantBy(request) === undefined && ['GET', 'HEAD'].includes(request.method)
}

interface Run {
  readonly world: World
  readonly tally: Tally
}

async function answerTo({ world, tally }: Run, request: WireRequest): Promise<WireReply> {
  const reply = await send(world.url, request).catch((cause: unknown) => {
    throw new Error(`No reply to ${readable(request)}`, { cause })
  })
  const faults = faultsOf(request, reply)
  if (faults.length > 0) fail(faults.join('; '), request, reply)
  const answer = `${reply.status} ${codeOf(reply)}`.trim()
  tally.answers.set(answer, (tally.answers.get(answer) ?? 0) + 1)
  tally.requests += 1
  return reply
}

async function sendValid(run: Run, request: WireRequest): Promise<void> {
  const reply = await answerTo(run, request)
  if (!isRead(request, reply)) fail('what the schema takes was refused', request, reply)
  const meant = meantBy(request)
  const isTaken = reply.status < 300 && typeof request.body === 'string' && request.body !== ''
  if (isTaken && meant && takesBody(meant, request.body as string) === false)
    fail('the document does not allow what was taken', request, reply)
}

async function sendMalformed(run: Run, request: WireRequest): Promise<void> {
  const reply = await answerTo(run, request)
  if (!isRefused(request, reply)) fail('something malformed was taken', request, reply)
  run.tally.malformed += 1
}

/** Someone with a code in hand, asked for before the storm. */
async function waiting(world: World, flow: RecoveryFlow) {
  const person: TestIdentity =
    flow.id === 'pin-reset' ? (await withPin(world)).identity : await world.identity()
  const proof = await proofOf(world, flow, person)
  return async () => {
    const reply = await resetSecret(world, flow, person, proof, flow.otherSecret)
    if (reply.status !== 200)
      throw new Error(
        `After the storm the ${flow.id} code of ${addressOf(flow, person)} is refused: ${JSON.stringify(reply.body)}`,
      )
  }
}

async function storm(run: Run, requests: readonly WireRequest[], raw: readonly string[]): Promise<void> {
  const { world, tally } = run
  const flow = recoveryFlows[tally.storms % recoveryFlows.length] as RecoveryFlow
  const recover = await waiting(world, flow)
  await world.idle()
  const before = await stateOf()
  await inTurns(requests, (request) => sendMalformed(run, request))
  await inTurns(raw, async (text) => {
    const reply = await sendRaw(world.url, text)
    tally.requests += 1
    if (reply && (reply.status >= 500 || reply.status < 400))
      throw new Error(`${reply.status} to what is no HTTP: ${JSON.stringify(text)}`)
  })
  await world.idle()
  const changes = changesBetween(before, await stateOf())
  if (changes.length > 0) throw new Error(`Malformed requests changed ${changes.join(', ')}`)
  await recover()
  tally.storms += 1
  tally.codesStillGood += 1
}

export interface FuzzOptions {
  /** How many requests in all, at least. */
  readonly requests: number
  /** Most malformed requests of one storm. */
  readonly stormSize: number
  readonly seed: number
  readonly path?: string
  readonly report?: (line: string) => void
}

/**
 * @throws Error with the storm that shows the fault, and the seed and path that repeat it: then with the smallest one found
 */
export async function fuzz(world: World, options: FuzzOptions): Promise<Tally> {
  const { requests, stormSize, seed, path, report } = options
  const tally: Tally = { requests: 0, malformed: 0, storms: 0, codesStillGood: 0, answers: new Map() }
  const run = { world, tally }
  const { valid, malformed } = requestsOf(await gather(world))
  const size = { size: 'max' as const }
  const round = fc.asyncProperty(
    fc.array(valid, { maxLength: Math.max(fewestOfPeople, Math.ceil(stormSize / 40)), ...size }),
    fc.array(malformed, { minLength: 1, maxLength: stormSize, ...size }),
    fc.array(notHttp, { maxLength: 3 }),
    async (people, bad, raw) => {
      if (tally.requests >= requests) return
      await inTurns(people, (request) => sendValid(run, request))
      await storm(run, bad, raw)
      if (tally.storms % 5 === 0) report?.(`${tally.requests} requests, ${tally.storms} storms`)
    },
  )
  if (path !== undefined) await fc.assert(round, { seed, path })
  // A few storms at a time, for those drawn after the last are drawn for nothing.
  for (let turn = 0; tally.requests < requests; turn += 1)
    await fc.assert(round, { numRuns: stormsAtATime, seed: seed + turn, endOnFailure: true })
  return tally
}
