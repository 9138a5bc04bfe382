/** The admin routes, as support calls them: signed by IAM on AWS, as they are on a local stack. The API names who asked in the ledger. */
import type { Detail } from '#shared/contract/codes.ts'
import type { ReplyData } from '#shared/contract/replies.ts'
import { type RouteId, routeOf } from '#shared/contract/routes.ts'
import { apiSetting } from './api-setting.ts'
import { type Answer, callerArn, send, sendSigned } from './aws.ts'
import { Problem, usage } from './problem.ts'

export interface AdminCall {
  readonly userId?: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Readonly<Record<string, unknown>>
}

interface Refusal {
  readonly error?: { readonly code?: string; readonly message?: string; readonly details?: readonly Detail[] }
  readonly requestId?: string
}

/** Where the API is. @throws Problem when it is not known */
export function apiAddress(): URL {
  const base = process.env[apiSetting]
  if (!base) throw new Problem(`${apiSetting} is missing: --env FILE reads it (docs/deploy.md, 3).`, 2)
  if (!URL.canParse(base)) throw new Problem(`${apiSetting} is no address.`, 2)
  return new URL(base)
}

/** A part of one or two dots, which addresses fold away: it would lead to another route. */
export const isFoldedAway = (userId: string): boolean => /^\.{1,2}$/.test(userId)

function urlOf(id: RouteId, { userId, query = {} }: AdminCall): URL {
  const base = apiAddress().href
  if (userId !== undefined && isFoldedAway(userId))
    throw usage(`"${userId}" is no userId that an address can name.`)
  const path = routeOf(id).path.replace('{userId}', encodeURIComponent(userId ?? ''))
  const url = new URL(`${base.replace(/\/$/, '')}${path}`)
  // Spelt as it is signed: a space is %20, never a plus.
  url.search = Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
  return url
}

/** @returns the answer as it came, whatever it is. @throws Problem when the API is not known; what the network or the credential chain says */
export async function askAdmin(id: RouteId, call: AdminCall, isLocal: boolean): Promise<Answer> {
  const headers = call.body && { 'content-type': 'application/json' }
  const asked = {
    method: routeOf(id).method,
    service: 'execute-api',
    url: urlOf(id, call),
    ...(headers && { headers }),
    ...(call.body && { body: JSON.stringify(call.body) }),
  }
  return isLocal ? send(asked, { ...headers }) : sendSigned(asked)
}

function parsed(text: string): Refusal & { readonly data?: unknown; readonly message?: string } {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/** What whoever is at the keyboard is told of a refusal. */
export async function refusal(id: RouteId, { status, text }: Answer, isLocal: boolean): Promise<Problem> {
  const { error, requestId } = parsed(text)
  if (status === 403 && !isLocal) {
    const who = await callerArn().catch(() => undefined)
    if (who === undefined)
      return new Problem(
        'AWS does not know these credentials, or they have expired: a role lasts an hour. Take on the role "support" of the stage again.',
        1,
      )
    return new Problem(
      `${who} may not call ${routeOf(id).method} ${routeOf(id).path}: it takes the role "support" of the stage.`,
      1,
    )
  }
  const details = error?.details?.map(({ field, message }) => ` ${field}: ${message}.`).join('') ?? ''
  const said = (error?.message ?? `The API answered ${status}.`) + details
  return new Problem(requestId === undefined ? said : `${said} (request ${requestId})`, 1)
}

/**
 * @returns what the route gives, or undefined for NOT_FOUND and for what is not of the parameter's form
 * @throws Problem when it is refused, or the API is not known; what the network or the credential chain says
 */
export async function callAdmin<Id extends RouteId>(
  id: Id,
  call: AdminCall,
  isLocal: boolean,
): Promise<{ readonly data: ReplyData<Id>; readonly message: string } | undefined> {
  const answer = await askAdmin(id, call, isLocal)
  const { data, message = '', error } = parsed(answer.text)
  if (answer.status < 300) return { data: data as ReplyData<Id>, message }
  if (error?.code === 'NOT_FOUND' || (id === 'findIdentity' && error?.code === 'VALIDATION_FAILED'))
    return undefined
  throw await refusal(id, answer, isLocal)
}
