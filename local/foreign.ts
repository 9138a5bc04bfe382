/** Keeps foreign web pages from what is open only because it is on loopback: one rule for every port. */
import { isIPv6 } from 'node:net'

const loopbackHosts: readonly string[] = ['localhost', '127.0.0.1', '[::1]']
const hostHeader = /^(\[[0-9a-f:.]+\]|[^\s:/?#@[\]\\]+)(?::\d{1,5})?$/i
const hostName = /^[a-z0-9_](?:[a-z0-9._-]{0,252}[a-z0-9_])?$/

export type HeaderPairs = readonly (readonly [name: string, value: string])[]

/** What a refused caller is told. */
export const foreignMessage = 'Only this machine may ask: call 127.0.0.1 or localhost.'

/**
 * @param text host names or addresses, parted by commas
 * @returns them as they stand in a URL
 * @throws Error for what is no host name, such as one with a port
 */
export function readHosts(text: string): string[] {
  const hosts = text.split(',').map((host) => host.trim().toLowerCase())
  return hosts
    .filter((host) => host !== '')
    .map((host) => {
      if (isIPv6(host)) return `[${host}]`
      if (hostName.test(host) || isIPv6(/^\[(.*)\]$/.exec(host)?.[1] ?? '')) return host
      throw new Error(
        `LATCHKEY_TRUSTED_HOSTS must be host names without scheme or port, such as "latchkey", but holds "${host}".`,
      )
    })
}

/** The headers as they came: a name may stand there more than once. @param raw name and value by turns */
export const headerPairs = (raw: readonly string[]): HeaderPairs =>
  raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []))

/**
 * A page that a developer looks at can send requests to this machine, and by DNS rebinding read the answers: the
 * browser then names that page's host, as the request's own or as its origin.
 * @param trusted hosts beside the loopback's own, as `readHosts` gives them
 */
export function isForeign(headers: HeaderPairs, trusted: readonly string[] = []): boolean {
  const isKnown = (url: string) => {
    const host = URL.parse(url)?.hostname ?? ''
    return loopbackHosts.includes(host) || trusted.includes(host)
  }
  return headers.some(([name, value]) => {
    const lower = name.toLowerCase()
    if (lower === 'host') return !hostHeader.test(value) || !isKnown(`http://${value}`)
    return lower === 'origin' && !isKnown(value)
  })
}
