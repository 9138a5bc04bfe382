/** Keeps foreign web pages from what is open only because it is on loopback. */
import type { GatewayRequest } from './message.ts'

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]'])

const isLoopback = (url: string) => URL.canParse(url) && loopbackHosts.has(new URL(url).hostname)

/**
 * A page that a developer looks at can send requests to this machine, and by DNS rebinding read the answers: the
 * browser then names that page's host, as the request's own or as its origin.
 */
export function isFromForeignPage({ headers }: Pick<GatewayRequest, 'headers'>): boolean {
  return headers.some(([name, value]) => {
    const lower = name.toLowerCase()
    if (lower === 'host') return !isLoopback(`http://${value}`)
    return lower === 'origin' && !isLoopback(value)
  })
}
