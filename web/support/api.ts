/** The admin routes as the page asks them: on the local stack as they are, in the console through it, which signs them. */
import type { Detail } from '#shared/contract/codes.ts'
import type { ReplyData } from '#shared/contract/replies.ts'
import { routeOf } from '#shared/contract/routes.ts'
import type { SupportPageRoute } from '#shared/contract/support-routes.ts'
import { consoleHeader } from './console-header.ts'

export interface Question {
  readonly userId?: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Readonly<Record<string, unknown>>
}

export interface Answer<Id extends SupportPageRoute> {
  readonly data: ReplyData<Id>
  /** The service's sentence. */
  readonly message: string
  readonly requestId: string
}

export type Ask = <Id extends SupportPageRoute>(id: Id, question?: Question) => Promise<Answer<Id>>

/** A refusal, or that nobody answered, with a sentence for whoever sits before the page. */
export class Refused extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

interface Reply {
  readonly data?: unknown
  readonly message?: string
  readonly requestId?: string
  readonly error?: { readonly code?: string; readonly message?: string; readonly details?: readonly Detail[] }
}

const gone = {
  console: 'The console has ended. Run “latchkey console” again, and open the address that it prints.',
  local: 'The local stack does not answer. Start it again with “npm start”.',
} as const

const details = (list: readonly Detail[] = []) =>
  list.map(({ field, message }) => ` ${field}: ${message}.`).join('')

/** Who serves the page: the console, by the token that it gave, or the local stack, whose admin routes are open to this machine. */
export type Token = string | undefined

const sent = (token: Token) => (token === undefined ? {} : { [consoleHeader]: token })

async function fetchFrom(token: Token, path: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(path, {
      ...init,
      headers: { ...sent(token), ...(init.headers as Record<string, string>) },
    })
  } catch {
    throw new Refused('GONE', gone[token === undefined ? 'local' : 'console'])
  }
}

/** @returns the JSON that whoever serves the page has at a path of its own. @throws Refused */
export async function readOwn(token: Token, path: string): Promise<unknown> {
  const reply = await fetchFrom(token, path)
  const value = (await reply.json().catch(() => ({}))) as { error?: string | { message?: string } }
  if (reply.ok) return value
  const { error } = value
  throw new Refused(
    'OWN',
    (typeof error === 'string' ? error : error?.message) ?? `Answered ${reply.status}.`,
  )
}

/** Asks the admin routes. */
export const askVia =
  (token: Token): Ask =>
  async (id, { userId = '', query, body } = {}) => {
    const { method, path } = routeOf(id)
    const asked = path.replace('{userId}', encodeURIComponent(userId))
    const reply = await fetchFrom(token, query ? `${asked}?${new URLSearchParams(query)}` : asked, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const { data, message = '', error, requestId } = (await reply.json().catch(() => ({}))) as Reply
    const asRequest = requestId ?? reply.headers.get('x-request-id') ?? ''
    if (reply.ok) return { data: data as never, message, requestId: asRequest }
    const said = `${error?.message ?? `The service answered ${reply.status}.`}${details(error?.details)}`
    throw new Refused(error?.code ?? 'UNKNOWN', asRequest === '' ? said : `${said} (Request ${asRequest}.)`)
  }
