/** What the functions do on the wire while a stack runs in this process: who did which action to what. */
import type { ClientRequest } from 'node:http'
import { invocationHeader } from '#local/services/attribution.ts'
import { readDynamoCall } from '#local/services/dynamodb-call.ts'
import { tables } from '#shared/tables.ts'
import { takeShortWay } from '#test/support/no-sockets.ts'
import { watchRequests } from '../../bench/wire/requests.ts'
import type { ItemUse } from '../../infra/judge.ts'

export interface RecordedCall {
  readonly function: string
  readonly service: 'dynamodb' | 'kms' | 's3' | 'ses' | 'sns' | 'events'
  /** On the wire, such as `TransactWriteItems`. */
  readonly operation: string
  /** What IAM would be asked for, but for tables; such as `GenerateMac code`. */
  readonly permissions: readonly string[]
  /** What IAM would be asked for of tables. */
  readonly uses: readonly ItemUse[]
  /** Items written and checked, or read, by size in bytes as sent; reads tell none. */
  readonly itemBytes: readonly number[]
}

type Json = Readonly<Record<string, unknown>>

const nameOf = (prefix: string, value: unknown): string => {
  const name = Object.entries(process.env).find(
    ([key, each]) => key.startsWith(prefix) && each === value,
  )?.[0]
  return name?.slice(prefix.length).toLowerCase().replaceAll('_', '-') ?? String(value)
}
const tableNames = () =>
  new Map(Object.keys(tables).map((id) => [process.env[`TABLE_${id.toUpperCase()}`] ?? id, id]))

function itemBytesOf(operation: string, body: Json): number[] {
  if (operation === 'TransactWriteItems')
    return (body['TransactItems'] as object[]).map((item) => JSON.stringify(item).length)
  if (operation === 'BatchGetItem')
    return Object.values(body['RequestItems'] as Readonly<Record<string, { Keys: unknown[] }>>).flatMap(
      ({ Keys }) => Keys.map(() => 0),
    )
  return [JSON.stringify(body).length]
}

function readTarget(name: string, target: string, text: string): RecordedCall | undefined {
  const [api = '', operation = ''] = target.split('.')
  if (api.startsWith('DynamoDBStreams')) return undefined
  const body = JSON.parse(text) as Json
  if (api.startsWith('DynamoDB'))
    return {
      function: name,
      service: 'dynamodb',
      operation,
      permissions: [],
      uses: readDynamoCall(operation, Buffer.from(text), tableNames()).uses,
      itemBytes: itemBytesOf(operation, body),
    }
  if (api === 'AWSEvents')
    return { function: name, service: 'events', operation, permissions: ['publish'], uses: [], itemBytes: [] }
  const key = nameOf('KEY_', body['KeyId'])
  return {
    function: name,
    service: 'kms',
    operation,
    permissions: [`${operation} ${key}`],
    uses: [],
    itemBytes: [],
  }
}

function readForm(name: string, text: string): RecordedCall | undefined {
  const operation = new URLSearchParams(text).get('Action')
  if (operation === null) return undefined
  const email = operation === 'SendEmail'
  return {
    function: name,
    service: email ? 'ses' : 'sns',
    operation,
    permissions: [email ? 'send email' : 'send sms'],
    uses: [],
    itemBytes: [],
  }
}

function readObject(name: string, request: ClientRequest): RecordedCall {
  const operation = request.method === 'PUT' ? 'PutObject' : 'GetObject'
  const [, , part] = request.path.split('/')
  const locks = request.hasHeader('x-amz-object-lock-mode') ? [`PutObjectRetention ${part}`] : []
  const permissions = [`${operation} ${part}`, ...locks]
  return { function: name, service: 's3', operation, permissions, uses: [], itemBytes: [] }
}

function read(request: ClientRequest, text: string): RecordedCall | undefined {
  const [name] = String(request.getHeader(invocationHeader) ?? '').split(';')
  if (!name || !request.hasHeader('authorization')) return undefined
  const target = request.getHeader('x-amz-target')
  if (typeof target === 'string') return readTarget(decodeURIComponent(name), target, text)
  if (request.path.startsWith('/?') || request.path === '/') return readForm(decodeURIComponent(name), text)
  return readObject(decodeURIComponent(name), request)
}

/** Begins to record; `stop` ends it. */
export function recordCalls(): { readonly calls: readonly RecordedCall[]; stop(): void } {
  const calls: RecordedCall[] = []
  takeShortWay(false)
  const end = watchRequests((request, body) => {
    const call = read(request, body)
    if (call) calls.push(call)
  })
  const stop = () => {
    end()
    takeShortWay(true)
  }
  return { calls, stop }
}
