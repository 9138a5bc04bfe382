/** Latchkey by nothing but fetch: for a page, an app, or whatever has no package of ours. */

export interface Refusal {
  /** To act by; docs/routes.md lists those of each route. */
  readonly code: string
  readonly message: string
  /** With each 429 and 503. */
  readonly retryAfterSeconds?: number
}
export type Reply<Data> = { readonly data: Data } | { readonly error: Refusal }

/**
 * @param origin of the API, such as `https://api.example.com`
 * @returns the data, or the refusal
 * @throws what fetch throws: nobody answered, and the call may have worked all the same
 */
export async function post<Data>(
  origin: string,
  path: string,
  body: object,
  token?: string,
): Promise<Reply<Data>> {
  const response = await fetch(origin + path, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  })
  return (await response.json()) as Reply<Data>
}
