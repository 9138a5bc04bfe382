/** A client of a running version that knows nothing of its code: HTTP, and the inbox for what was sent. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Dispatcher, request } from 'undici'
import { newIp } from '#test/support/world.ts'

/** Of the replies that are read here, whatever version gave them. */
export interface Said {
  readonly status: number
  /** `OK`, or the code of the refusal. */
  readonly code: string
  readonly data: Readonly<Record<string, unknown>>
}

interface Message {
  readonly text: string
}

export type Client = ReturnType<typeof clientOf>

const sentWithinMs = 60_000
const lookEveryMs = 50
const codeIn = /(?<![\w-])[0-9]{6}(?![\w-])/

/** @param onReply is told every answer of the public and the admin routes */
export function clientOf(url: string, onReply: (said: Said, what: string) => void) {
  const raw = async (method: string, path: string, body?: unknown, token?: string) => {
    const reply = await request(url + path, {
      method: method as Dispatcher.HttpMethod,
      // A connection that is kept may be closed as the next request goes out on it.
      reset: true,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    // Of either version: what is not there shows as such where it is held to something.
    // biome-ignore lint/suspicious/noExplicitAny: the types are those of one version.
    return { status: reply.statusCode, body: (await reply.body.json()) as any }
  }
  /** Each from an address of its own, so that no limit of an address is met by accident. */
  const call = async (method: string, path: string, body?: unknown, token?: string): Promise<Said> => {
    await raw('PUT', '/_local/source-ip', { ip: newIp() })
    const { status, body: answer } = await raw(method, path, body, token)
    const said = { status, code: answer.error?.code ?? 'OK', data: answer.data ?? {} }
    onReply(said, `${method} ${path}`)
    return said
  }
  const post = (path: string, body: unknown = {}, token?: string) => call('POST', path, body, token)
  const messages = async (to: string): Promise<readonly Message[]> =>
    (await raw('GET', `/_local/messages?to=${encodeURIComponent(to)}`)).body

  /** The first message of a kind to an address, behind those that are known. @throws Error where none comes */
  const sentTo = async (to: string, wanted: RegExp, known = 0): Promise<string> => {
    const until = performance.now() + sentWithinMs
    while (performance.now() < until) {
      const sent = (await messages(to)).slice(known).find(({ text }) => wanted.test(text))
      if (sent !== undefined) return sent.text
      await sleep(lookEveryMs)
    }
    throw new Error(`Nothing was sent to ${to}`)
  }
  /** What a request has sent to an address. @throws Error where nothing comes */
  const sentBy = async (to: string, ask: () => Promise<unknown>, wanted: RegExp): Promise<string> => {
    const known = (await messages(to)).length
    await ask()
    return sentTo(to, wanted, known)
  }
  /** Posts a fault that stays, acts, and waits until a call has met it. @throws Error where none does */
  const failing = async (
    fault: { readonly service: string; readonly function?: string; readonly count: number },
    act: () => Promise<unknown>,
  ): Promise<void> => {
    const post = async (more: object) =>
      (await raw('POST', '/_local/faults', { mode: 'fail-before', ...fault, ...more })).body.pending
    await post({})
    await act()
    const until = performance.now() + sentWithinMs
    while (performance.now() < until) {
      // What stands is told to whoever posts another one.
      const standing: { service: string; count: number }[] = await post({ count: 1 })
      const first = standing.find(({ service }) => service === fault.service)
      if (first !== undefined && first.count < fault.count) return
      await sleep(lookEveryMs)
    }
    throw new Error(`No call to ${fault.service} was made`)
  }
  const codeOf = (text: string) => String(codeIn.exec(text)?.[0])
  return {
    post,
    get: (path: string, token?: string) => call('GET', path, undefined, token),
    put: (path: string, body: unknown) => call('PUT', path, body),
    delete: (path: string) => call('DELETE', path),
    advance: (seconds: number) => raw('POST', '/_local/clock', { advanceSeconds: seconds }),
    failing,
    sentBy,
    deadLetters: async (): Promise<readonly unknown[]> => (await raw('GET', '/_local/dead-letters')).body,
    /** The newest entry of a type about a person, waited for. @throws Error where none comes */
    entered: async (userId: string, type: string): Promise<{ readonly reason?: string }> => {
      const until = performance.now() + sentWithinMs
      while (performance.now() < until) {
        const { body } = await raw('GET', `/admin/identities/${encodeURIComponent(userId)}/ledger`)
        const entries: { readonly type: string; readonly reason?: string }[] = body.data?.entries ?? []
        const found = entries.findLast((entry) => entry.type === type)
        if (found !== undefined) return found
        await sleep(lookEveryMs)
      }
      throw new Error(`No ${type} was entered about ${userId}`)
    },
    /** The code that a request has sent to an address. */
    codeBy: async (to: string, ask: () => Promise<unknown>): Promise<string> =>
      codeOf(await sentBy(to, ask, codeIn)),
    /** The code that was, or will be, sent to an address nothing was sent to before. */
    codeSent: async (to: string): Promise<string> => codeOf(await sentTo(to, codeIn)),
    signIn: (identifier: string, password: string) =>
      post('/api/auth/login', { identifier, password, device: { model: 'Pixel 9' } }),
  }
}

/** @throws Error where a step was refused that others rest on */
export async function must(said: Promise<Said>): Promise<Said['data']> {
  const { status, code, data } = await said
  if (status >= 300) throw new Error(`A step that has to work was answered ${status} ${code}`)
  return data
}
