/** The stack's routes under `/_local`, spoken to as JSON. */

/** A message as it was sent. */
export interface Message {
  readonly id: string
  readonly channel: 'email' | 'sms'
  readonly to: string
  readonly subject?: string
  readonly text: string
  readonly html?: string
  readonly sentAt: string
}

/** An event as EventBridge delivers it; docs/events.md has its `detail`. */
export interface PublishedEvent {
  readonly id: string
  readonly source: string
  readonly 'detail-type': string
  readonly time: string
  readonly detail: Readonly<Record<string, unknown>> & { readonly id: string; readonly userId?: string }
}

export interface LocalRoutes {
  get<Value>(path: string): Promise<Value>
  post<Value>(path: string, body: object): Promise<Value>
}

/** @throws Error with what the stack says is wrong */
export function localRoutes(url: string): LocalRoutes {
  async function ask<Value>(path: string, init?: RequestInit): Promise<Value> {
    const reply = await fetch(url + path, init)
    const value = (await reply.json()) as Value & { readonly error?: string }
    if (!reply.ok) throw new Error(`${path}: ${value.error ?? reply.status}`)
    return value
  }
  return {
    get: (path) => ask(path),
    post: (path, body) =>
      ask(path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
  }
}
