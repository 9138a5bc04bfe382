/** The caller's address as limits count it. */
import { isIPv4, isIPv6 } from 'node:net'

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = tail === undefined ? 0 : 8 - before.length - after.length
  return [...before, ...Array<string>(missing).fill('0'), ...after]
}

/**
 * The IPv4 address, or the /64 of an IPv6 address: whoever holds one address of a /64 holds them all.
 * An IPv4-mapped IPv6 address is its IPv4 address. Anything else counts as one source.
 */
export function sourceOf(address: string): string {
  if (isIPv4(address)) return address
  const bare = address.split('%')[0] ?? ''
  if (!isIPv6(bare)) return 'unknown'
  const mapped = /^::ffff:([0-9.]+)$/i.exec(bare)
  if (mapped?.[1]) return mapped[1]
  // A dotted tail stands for two groups; they are outside the first 64 bits.
  const prefix = groupsOf(bare.replace(/[0-9]+\.[0-9.]+$/, '0:0')).slice(0, 4)
  return `${prefix.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}
