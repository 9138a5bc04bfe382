/**
 * The console of `npm start`, for people: a line a request, a line a message with its code, errors, and nothing else.
 * The functions write the log that they write when deployed; it is read here, on its way out of the process.
 */
import { codeIn } from '../web/parts/code-message.ts'
import type { GatewayRequest, GatewayResponse } from './gateway/message.ts'
import { seedIdentities, seedPassword } from './seed.ts'
import type { InboxMessage } from './services/inbox.ts'

/** A request that was answered. */
export interface Answered {
  readonly request: GatewayRequest
  readonly response: GatewayResponse
  readonly ms: number
}

/** What a stack tells whoever watches it. */
export interface Watchers {
  readonly onRequest?: (answered: Answered) => void
  readonly onMessage?: (message: InboxMessage) => void
}

export interface Console {
  /** Writes lines to stdout, where only what the command itself says stands. */
  say(...lines: readonly string[]): void
  readonly watchers: Watchers
}

const longestPath = 120

/** What a caller chose may hold characters that move a terminal's cursor. */
const shown = (text: string) => text.replace(/\p{C}+/gu, ' ').trim()

const clock = () => new Date().toTimeString().slice(0, 8)

/** The page files and the inbox's own questions come by the dozen, and say nothing. */
function isQuiet({ method, target }: GatewayRequest, { headers }: GatewayResponse): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  const type = String(headers['Content-Type'] ?? 'text/html')
  return /^\/_local(?:[/?]|$)/.test(target) || !/^(?:text\/html|application\/json)\b/.test(type)
}

function codeOf({ status, body }: GatewayResponse): string {
  if (status < 400) return ''
  try {
    return (JSON.parse(String(body)) as { error?: { code?: string } }).error?.code ?? ''
  } catch {
    return ''
  }
}

/** @returns nothing for what is not worth a line. The query is left out: it may hold an address. */
export function requestLine({ request, response, ms }: Answered): string | undefined {
  if (isQuiet(request, response)) return undefined
  const path = shown(request.target.split('?', 1)[0] ?? '')
  const place = path.length > longestPath ? `${path.slice(0, longestPath)}...` : path
  const words = [
    shown(request.method),
    place,
    String(response.status),
    codeOf(response),
    `${Math.round(ms)} ms`,
  ]
  return words.filter((word) => word !== '').join(' ')
}

/** The code of a message is what it is for; its reference and its links stay in the inbox. */
export function messageLine({ channel, to, subject, text }: InboxMessage): string {
  const words = text.replace(/https?:\S+/g, '')
  const code = codeIn(words)
  const known = /^[0-9]{6}$/.test(code)
  const about = subject ?? (known ? '' : words)
  return [`${channel} to ${shown(to)}`, known ? `code ${code}` : '', shown(about)]
    .filter((part) => part !== '')
    .join(', ')
}

/** What every line of the functions' log has. */
const commonFields = new Set(['level', 'message', 'timestamp', 'service', 'requestId', 'sampling_rate'])
const logged = /^\{"level":/

function fieldsOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    // Whoever writes must not fail because of who reads.
    return { message: text }
  }
}

/** @returns nothing for what went well: a request has a line of its own. */
export function logLine(text: string): string | undefined {
  const { level, message, ...fields } = fieldsOf(text)
  if (level === 'INFO' || level === 'DEBUG') return undefined
  const told = Object.entries(fields).filter(([name]) => !commonFields.has(name))
  return [
    `${shown(String(message))}:`,
    ...told.map(([name, value]) => `${name}=${shown(String(value))}`),
  ].join(' ')
}

/** Where everything is. @param url of the stack */
export function welcome(url: string): string[] {
  const names = Object.values(seedIdentities).map(({ username }) => username)
  return [
    `pages      ${url}/`,
    `inbox      ${url}/_local, and people, events, clock, faults, routes to try`,
    `support    ${url}/_local/support`,
    `API        ${url}, its routes in docs/routes.md`,
    `sign in as ${names.join(', ')}; password ${seedPassword}`,
  ]
}

/**
 * Takes what this process writes: stdout says what the command says, stderr all else.
 * @param asJson the functions' log as it is, and no other line (LATCHKEY_LOG=json)
 */
export function takeConsole(asJson: boolean): Console {
  const out = process.stdout.write.bind(process.stdout)
  const err = process.stderr.write.bind(process.stderr) as (...given: unknown[]) => boolean
  const tell = (line: string | undefined) => void (line !== undefined && err(`${clock()} ${line}\n`))
  const write = (chunk: unknown, ...rest: unknown[]) => {
    if (asJson || typeof chunk !== 'string' || !logged.test(chunk)) return err(chunk, ...rest)
    tell(logLine(chunk))
    return true
  }
  process.stdout.write = write as typeof process.stdout.write
  process.stderr.write = write as typeof process.stderr.write
  return {
    say: (...lines) => void out(`${lines.join('\n')}\n`),
    watchers: asJson
      ? {}
      : {
          onRequest: (answered) => tell(requestLine(answered)),
          onMessage: (message) => tell(messageLine(message)),
        },
  }
}
