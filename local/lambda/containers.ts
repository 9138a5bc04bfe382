/** How functions in Docker containers find services that listen on this machine's loopback. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, isIPv4, type Server, type Socket } from 'node:net'
import { promisify } from 'node:util'

export interface Relay {
  /** What stands in place of 127.0.0.1 in the addresses that containers get. */
  readonly host: string
  close(): Promise<void>
}

export const desktopHost = 'host.docker.internal'
const desktop: Relay = { host: desktopHost, close: async () => undefined }

/**
 * @param ipam `IPAM.Config` of Docker's default network, as `docker network inspect` tells it
 * @returns this machine's address in it: the gateway, which unless it is named is the subnet's first address
 */
export function gatewayOf(ipam: string): string | undefined {
  const [{ Gateway, Subnet = '' } = {}] = JSON.parse(ipam) as { Gateway?: string; Subnet?: string }[]
  const address = Gateway || Subnet.replace(/\.0\/\d+$/, '.1')
  return isIPv4(address) ? address : undefined
}

/** Asks Docker, for the bridge is not among the network interfaces until a container runs. */
export async function bridgeAddress(): Promise<string | undefined> {
  const inspect = ['network', 'inspect', 'bridge', '--format', '{{json .IPAM.Config}}']
  try {
    return gatewayOf((await promisify(execFile)('docker', inspect)).stdout)
  } catch {
    return undefined
  }
}

/**
 * Docker Desktop leads `host.docker.internal` to the loopback. Docker Engine on Linux does not: there each port is
 * passed on from the address of Docker's bridge, which this machine and its containers alone can reach.
 * @param bridge that address; where it is not this machine's, Docker is the desktop's
 * @throws the system's error when a port is taken on the bridge
 */
export async function startRelay(ports: readonly number[], bridge: string | undefined): Promise<Relay> {
  if (bridge === undefined) return desktop
  await using closers = new AsyncDisposableStack()
  try {
    for (const port of ports) closers.defer(await relayPort(bridge, port))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRNOTAVAIL') return desktop
    throw error
  }
  const opened = closers.move()
  return { host: bridge, close: () => opened.disposeAsync() }
}

/** @returns what ends it, connections and all. */
async function relayPort(address: string, port: number): Promise<() => Promise<void>> {
  const open = new Set<Socket>()
  const server: Server = createServer((outer) => {
    const inner = connect(port, '127.0.0.1')
    join(outer, inner, open)
    join(inner, outer, open)
  })
  server.listen(port, address)
  await once(server, 'listening')
  return async () => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of open) socket.destroy()
    await closed
  }
}

function join(from: Socket, to: Socket, open: Set<Socket>): void {
  open.add(from)
  from.pipe(to)
  // What follows an error is a close.
  from.on('error', () => undefined)
  from.once('close', () => {
    open.delete(from)
    to.destroy()
  })
}
