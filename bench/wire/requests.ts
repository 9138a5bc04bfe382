/** What this process asks of the network, as it is sent. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ClientRequest } from 'node:http'

const created = 'http.client.request.created'

/**
 * @param take is given each request with its whole body, when that has been sent
 * @returns what ends it
 */
export function watchRequests(take: (request: ClientRequest, body: string) => void): () => void {
  const watch = (message: unknown) => {
    const { request } = message as { request: ClientRequest }
    const chunks: Buffer[] = []
    const keep = (chunk: unknown) => {
      if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk as string))
    }
    const { write, end } = request
    request.write = ((...args: Parameters<typeof write>) => {
      keep(args[0])
      return write.apply(request, args)
    }) as typeof write
    request.end = ((...args: Parameters<typeof end>) => {
      keep(args[0])
      take(request, Buffer.concat(chunks).toString())
      return end.apply(request, args)
    }) as typeof end
  }
  subscribe(created, watch)
  return () => void unsubscribe(created, watch)
}
