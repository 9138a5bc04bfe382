import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { expect, onTestFinished, test } from 'vitest'
import { nearby } from '#local/services/nearby.ts'
import { takeShortWay } from '#test/support/no-sockets.ts'

// Elsewhere 127.0.0.1 is the one address of the loopback, and no two servers have one port.
test.runIf(process.platform === 'linux')(
  'a call to another address is not taken for one to the service that has the same port here',
  async () => {
    const engine = createServer((_, response) => response.end('{"TableNames":["of the engine"]}'))
    await once(engine.listen(0, '127.0.0.2'), 'listening')
    const { port } = engine.address() as AddressInfo
    nearby.set(port, async () => ({ status: 200, body: '{"TableNames":["of a service"]}' }))
    takeShortWay(true)
    onTestFinished(() => {
      takeShortWay(false)
      nearby.delete(port)
      engine.close()
    })
    const tablesAt = async (host: string) => {
      const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
      const client = new DynamoDBClient({
        endpoint: `http://${host}:${port}`,
        region: 'us-east-1',
        credentials,
      })
      const { TableNames } = await client.send(new ListTablesCommand({}))
      client.destroy()
      return TableNames
    }
    expect(await tablesAt('127.0.0.1')).toEqual(['of a service'])
    expect(await tablesAt('127.0.0.2')).toEqual(['of the engine'])
  },
)
