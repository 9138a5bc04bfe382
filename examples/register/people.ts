/** A backend that tells Latchkey of its people: who registers, changes an address, leaves. */

/** Makes a request to the admin routes: Node's `fetch` on one machine, `signedFetch` in AWS. */
export type Send = (
  url: URL,
  init: { method: string; headers: Record<string, string>; body?: string },
) => Promise<Response>

export interface Person {
  /** The team's own id, which never changes. */
  readonly userId: string
  /** Null: there is none, or none any more. What is left out stays as it is. */
  readonly email?: string | null
  readonly phone?: string | null
  readonly locale?: string
  readonly mfaEnabled?: boolean
}

/** @param url of the API, such as `https://api.example.com/live` */
export function people(url: string, send: Send) {
  const at = (userId: string) =>
    new URL(`${url.replace(/\/+$/, '')}/admin/identities/${encodeURIComponent(userId)}`)
  return {
    /**
     * Registers or changes somebody; the same again changes nothing, so whatever was thrown is simply done again.
     * @returns `saved`, or the fields that somebody else has
     */
    async save({ userId, ...fields }: Person): Promise<'saved' | { readonly taken: readonly string[] }> {
      const headers = { 'content-type': 'application/json' }
      const response = await send(at(userId), { method: 'PUT', headers, body: JSON.stringify(fields) })
      if (response.ok) return 'saved'
      const { error } = (await response.json()) as { error?: { code: string; details?: { field: string }[] } }
      if (error?.code === 'CONFLICT') return { taken: error.details?.map(({ field }) => field) ?? [] }
      throw new Error(`Latchkey answered ${response.status} ${error?.code ?? ''}`)
    },
    /** Erases what is personal. Somebody who is not there is erased. */
    async erase(userId: string): Promise<void> {
      const response = await send(at(userId), { method: 'DELETE', headers: {} })
      if (!response.ok && response.status !== 404) throw new Error(`Latchkey answered ${response.status}`)
    },
  }
}
