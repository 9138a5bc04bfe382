/** `x-latchkey-source-ip`: where one request appears to come from. Read here alone; no function gets to see it. */
import { isIP } from 'node:net'
import type { GatewayRequest } from './message.ts'

export const sourceHeader = 'x-latchkey-source-ip'

const isSource = ([name]: readonly [name: string, value: string]) => name.toLowerCase() === sourceHeader

/** @returns the request as from the address that it names, without the header; undefined where that is no one address. */
export function fromNamedSource(request: GatewayRequest): GatewayRequest | undefined {
  const named = request.headers.filter(isSource).map(([, value]) => value)
  const [sourceIp = request.sourceIp] = named
  if (named.length > 1 || (named.length === 1 && isIP(sourceIp) === 0)) return undefined
  return { ...request, sourceIp, headers: request.headers.filter((pair) => !isSource(pair)) }
}
