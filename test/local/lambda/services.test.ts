/** `npm run services`, as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { portsOf, writeVariables } from '#local/lambda/sam.ts'
import { readSettings } from '#shared/settings.ts'
import { endpointVariables } from '../../../infra/target.ts'

const folder = mkdtempSync(join(tmpdir(), 'services-test-'))
const command = fileURLToPath(new URL('../../../local/start-services.ts', import.meta.url))
let child: ChildProcess
let said = ''
let url: string
beforeAll(async () => {
  child = spawn(process.execPath, [command], {
    cwd: folder,
    env: { ...process.env, PORT: '0', LATCHKEY_DATA_DIR: '' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  for await (const chunk of child.stdout ?? []) {
    said += chunk
    url = /^ready (\S+)$/m.exec(said)?.[1] ?? ''
    if (url !== '') break
  }
})
afterAll(async () => {
  const gone = once(child, 'exit')
  child.kill()
  await gone
  rmSync(folder, { recursive: true })
})
const parameters = () =>
  (
    JSON.parse(readFileSync(join(folder, '.data/sam-env.json'), 'utf8')) as {
      Parameters: Record<string, string>
    }
  ).Parameters

test('prints the two commands, and names the file they read', () => {
  expect(said).toMatch(/^npx cdk synth .*-c local=true -o \.data\/sam$/m)
  expect(said).toMatch(/ sam local start-api .*\n.*--env-vars \.data\/sam-env\.json /)
})

test('writes every variable that the template needs, and no service that only its own loopback has', () => {
  expect(() => readSettings(parameters())).not.toThrow()
  for (const name of endpointVariables) expect(parameters()[name]).toMatch(/^http:\/\/(?!127\.)[^:]+:\d+$/)
})

test('serves the inbox and the other handles, with the test identities registered, and no route of the API', async () => {
  expect(await (await fetch(`${url}/_local/messages`)).json()).toEqual([])
  expect((await fetch(`${url}/health`)).status).toBe(404)
  expect((await fetch(url)).status).toBe(404)
  const environment = (await (await fetch(`${url}/_local/environment`)).json()) as Record<string, string>
  const client = new DynamoDBClient({
    endpoint: environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '',
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  const key = { TableName: environment['TABLE_IDENTITIES'] ?? '', Key: { pk: { S: 'U#u-priya' } } }
  expect((await client.send(new GetItemCommand(key))).Item).toMatchObject({ username: { S: 'priyasharma' } })
  client.destroy()
})

test('addresses of services are told from other settings', () => {
  const environment = {
    A: 'http://127.0.0.1:81',
    B: 'http://127.0.0.1:81',
    C: 'http://127.0.0.1:82',
    D: 'http://localhost:83',
  }
  expect(portsOf(environment)).toEqual([81, 82])
  const file = join(folder, 'deep/er.json')
  writeVariables(environment, '172.17.0.1', file)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    Parameters: {
      A: 'http://172.17.0.1:81',
      B: 'http://172.17.0.1:81',
      C: 'http://172.17.0.1:82',
      D: 'http://localhost:83',
    },
  })
})
