import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { gatewayOf, startRelay } from '#local/lambda/containers.ts'

let service: Server
let port: number
beforeAll(async () => {
  service = createServer((request, response) => response.end(`you asked for ${request.url}`))
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  port = (service.address() as AddressInfo).port
})
afterAll(() => {
  service.close()
})

describe('this machine in Docker’s network', () => {
  test.each([
    ['[{"Subnet":"172.17.0.0/16","Gateway":"172.17.0.1"}]', '172.17.0.1'],
    ['[{"Subnet":"172.17.0.0/16"}]', '172.17.0.1'],
    ['[{"Subnet":"10.9.8.0/24","Gateway":"10.9.8.7"}]', '10.9.8.7'],
    ['[{"Subnet":"172.17.0.0/16","Gateway":""}]', '172.17.0.1'],
    ['[{}]', undefined],
    ['[]', undefined],
    ['[{"Subnet":"fd00::/80"}]', undefined],
  ])('of %s is %s', (ipam, address) => {
    expect(gatewayOf(ipam)).toBe(address)
  })
})

describe('the relay', () => {
  // Linux alone has the whole of 127.0.0.0/8 on its loopback.
  test.skipIf(process.platform !== 'linux')(
    'passes on what comes to the bridge, until it is closed',
    async () => {
      const relay = await startRelay([port], '127.0.0.2')
      expect(relay.host).toBe('127.0.0.2')
      const url = `http://127.0.0.2:${port}/path`
      expect(await (await fetch(url)).text()).toBe('you asked for /path')
      const left = connect(port, '127.0.0.2')
      await once(left, 'connect')
      await relay.close()
      await expect(fetch(url)).rejects.toThrow('fetch failed')
      left.destroy()
    },
  )

  test('opens nothing where there is no bridge, or it is not of this machine', async () => {
    const hosts = [await startRelay([port], undefined), await startRelay([port], '192.0.2.1')]
    expect(hosts.map(({ host }) => host)).toEqual(['host.docker.internal', 'host.docker.internal'])
    for (const relay of hosts) await relay.close()
  })
})
