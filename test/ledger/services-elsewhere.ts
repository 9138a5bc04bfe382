/** A stack beside that of this process, which has room for one: the services and workers, in a process of their own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'

const command = fileURLToPath(new URL('../../local/start-services.ts', import.meta.url))

/** @param folder where it may write its file of variables */
export async function startServicesElsewhere(folder: string) {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
  const env = { PATH, NODE_COMPILE_CACHE, PORT: '0' }
  const child = spawn(process.execPath, [command], { cwd: folder, env, stdio: ['ignore', 'pipe', 'ignore'] })
  let said = ''
  let url: string | undefined
  for await (const chunk of child.stdout) {
    said += chunk
    url = /^ready (\S+)$/m.exec(said)?.[1]
    if (url !== undefined) break
  }
  if (url === undefined) throw new Error('The services did not start')
  const environment = (await (await fetch(`${url}/_local/environment`)).json()) as Record<string, string>
  return {
    port: new URL(url).port,
    /** Of everyone registered there. */
    async userIds(): Promise<Set<string>> {
      const client = new DynamoDBClient({
        endpoint: environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '',
        region: 'us-east-1',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      })
      const { Items = [] } = await client.send(
        new ScanCommand({ TableName: environment['TABLE_IDENTITIES'] ?? '' }),
      )
      client.destroy()
      return new Set(Items.flatMap(({ userId }) => userId?.S ?? []))
    },
    async close() {
      const gone = once(child, 'exit')
      child.kill()
      await gone
    },
  }
}
