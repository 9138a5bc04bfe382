import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as dynamodb from '@aws-sdk/client-dynamodb'
import * as kms from '@aws-sdk/client-kms'
import * as esbuild from 'esbuild'
import { type MetadataJson, parsePhoneNumberFromString } from 'libphonenumber-js/core'
import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' }
import metadata from 'libphonenumber-js/metadata.min.json' with { type: 'json' }
import { describe, expect, it } from 'vitest'
import { routes } from '#shared/contract/routes.ts'
import {
  compactErrors,
  readErrors,
  trims,
  withoutErrors,
  withoutFormats,
  withoutRegionNames,
  withoutSummaries,
} from '../../infra/bundle-trims.ts'

const full = metadata as unknown as MetadataJson
const trimmed = withoutFormats(metadata as never) as unknown as MetadataJson

/** All that the product reads of a number. */
function read(text: string, from: MetadataJson) {
  const phone = parsePhoneNumberFromString(text, from)
  return phone && [phone.number, phone.country, phone.countryCallingCode, phone.isPossible(), phone.isValid()]
}

describe('phone metadata without national styles', () => {
  const plans = Object.entries(full.countries as unknown as Record<string, [string]>)
  /** Each country's example, and what people make of it. */
  const numbers = plans.flatMap(([country, [callingCode]]) => {
    const national = (examples as Record<string, string>)[country] ?? '123456789'
    const number = `+${callingCode}${national}`
    return [
      number,
      `+${callingCode} 0${national}`,
      `+${callingCode} (0) ${national}`,
      `${number}1`,
      number.slice(0, -1),
      number.slice(0, -3),
    ]
  })
  const invented = Array.from(
    { length: 5000 },
    (_, index) => `+${((index + 1) * 7_919_117_311) % 10 ** (7 + (index % 8))}`,
  )

  it('reads every number as before', () => {
    expect(numbers.length).toBeGreaterThan(1000)
    const different = [...numbers, ...invented].filter(
      (text) => JSON.stringify(read(text, full)) !== JSON.stringify(read(text, trimmed)),
    )
    expect(different).toEqual([])
  })

  it('is less than half as long', () => {
    expect(JSON.stringify(trimmed).length).toBeLessThan(JSON.stringify(full).length / 2)
  })
})

describe('the table of routes without its sentences', () => {
  it('is the same but for them', () => {
    const source = ['routes', 'support-routes']
      .map((file) => readFileSync(new URL(`../../shared/contract/${file}.ts`, import.meta.url), 'utf8'))
      .join('')
    const removed = source.split('\n').filter((line) => /^\s+summary: '/.test(line))
    expect(removed.length).toBe(Object.keys(routes).length)
    const left = withoutSummaries(source)
      .split('\n')
      .filter((line) => line !== '')
    expect(left).toEqual(source.split('\n').filter((line) => line !== '' && !removed.includes(line)))
  })
})

type ErrorClass = new (options: Record<string, unknown>) => Error & Record<string, unknown>

describe.each([
  ['client-dynamodb', dynamodb],
  ['client-kms', kms],
])('the compact error classes of %s', (client, original) => {
  const path = new URL(`../../node_modules/@aws-sdk/${client}/dist-es/models/errors.js`, import.meta.url)
  const source = readFileSync(path, 'utf8')

  it('are all of them, and like the original in all that can be seen', async () => {
    const { outputFiles } = await esbuild.build({
      stdin: { contents: compactErrors(source), resolveDir: new URL('.', path).pathname },
      bundle: true,
      platform: 'node',
      format: 'esm',
      write: false,
    })
    const compact = (await import(
      `data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')}`
    )) as Record<string, ErrorClass>
    const names = [...source.matchAll(/export class (\w+)/g)].map((match) => match[1] ?? '')
    expect(Object.keys(compact).sort()).toEqual([...names].sort())
    for (const name of names) {
      const options = {
        message: 'm',
        $metadata: { requestId: 'r' },
        Item: { a: 1 },
        CancellationReasons: [1],
        Message: 'x',
      }
      const made = new (compact[name] as ErrorClass)(options)
      const expected = new ((original as unknown as Record<string, ErrorClass>)[name] as ErrorClass)(options)
      expect({ ...made }).toEqual({ ...expected })
      expect([made.name, made.message, made instanceof (compact[name] as ErrorClass)]).toEqual([
        expected.name,
        expected.message,
        true,
      ])
    }
  })

  it('are much shorter', () => {
    expect(compactErrors(source).length).toBeLessThan(source.length / 2)
  })
})

describe('the list of partitions without the names of Regions', () => {
  const path =
    '../../node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js'
  const source = readFileSync(new URL(path, import.meta.url), 'utf8')
  interface List {
    readonly partitions: readonly {
      readonly id: string
      readonly regionRegex: string
      readonly outputs: object
      readonly regions: Record<string, { readonly description?: string }>
    }[]
  }
  const load = async (text: string) => {
    const { partitionsInfo } = (await import(
      `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`
    )) as { partitionsInfo: List }
    return partitionsInfo
  }
  /** As the SDK finds it, but for the name for people. */
  const partitionOf = ({ partitions }: List, region: string) => {
    const named = partitions.find(({ regions }) => Object.hasOwn(regions, region))
    if (named) {
      const { description: _, ...own } = named.regions[region] ?? {}
      return { ...named.outputs, ...own }
    }
    const fitting = partitions.find(({ regionRegex }) => new RegExp(regionRegex).test(region))
    return (fitting ?? partitions.find(({ id }) => id === 'aws'))?.outputs
  }

  it('leads every Region, known and unknown, to the same endpoints', async () => {
    const [full, fewer] = [await load(source), await load(withoutRegionNames(source))]
    const regions = full.partitions.flatMap((partition) => Object.keys(partition.regions))
    expect(regions.length).toBeGreaterThan(30)
    for (const region of [...regions, 'eu-new-9', 'cn-new-9', 'us-gov-new-9', 'nowhere', ''])
      expect(partitionOf(fewer, region), region).toEqual(partitionOf(full, region))
  })

  it('is less than half as long', () => {
    expect(withoutRegionNames(source).length).toBeLessThan(source.length / 2)
  })
})

describe('a client without schemas of its errors', () => {
  type Failed = Error & { readonly $fault: string; readonly $metadata: { readonly httpStatusCode: number } }
  const clients = {
    kms: {
      names: 'GenerateMacCommand as Command, KMSClient as Client',
      input: { KeyId: 'k', Message: Buffer.from('m'), MacAlgorithm: 'HMAC_SHA_256' },
    },
    dynamodb: {
      names: 'TransactWriteItemsCommand as Command, DynamoDBClient as Client',
      input: { TransactItems: [{ Delete: { TableName: 't', Key: { pk: { S: 'p' } } } }] },
    },
  }
  type ClientId = keyof typeof clients

  /** What a client throws where its service refuses, made into a bundle as the functions are. */
  async function refusedBy(id: ClientId, plugins: esbuild.Plugin[], body: object, status: number) {
    const { names, input } = clients[id]
    const { outputFiles } = await esbuild.build({
      stdin: {
        contents: `export { ${names} } from '@aws-sdk/client-${id}'`,
        resolveDir: import.meta.dirname,
      },
      ...{ bundle: true, platform: 'node', format: 'esm', write: false, plugins },
      ...{ mainFields: ['module', 'main'], conditions: ['module'] },
      banner: {
        js: `import{createRequire as requireFrom}from'node:module';const require=requireFrom(${JSON.stringify(import.meta.url)});`,
      },
    })
    const text = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')
    const { Command, Client } = (await import(`data:text/javascript;base64,${text}`)) as {
      Command: new (given: object) => never
      Client: new (options: object) => { send(command: never): Promise<unknown>; destroy(): void }
    }
    const server = createServer((_, response) =>
      response
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify({ message: 'the key is off', ...body })),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const client = new Client({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
      maxAttempts: 1,
    })
    try {
      return await client.send(new Command(input)).then(
        () => Promise.reject(new Error(`${id} did not refuse`)),
        (error: Failed) => error,
      )
    } finally {
      client.destroy()
      server.close()
    }
  }
  const facts = ({ name, message, $fault, $metadata }: Failed) => [
    name,
    message,
    $fault,
    $metadata.httpStatusCode,
  ]

  it.each<[ClientId, string, number]>([
    ['kms', 'DisabledException', 400],
    ['kms', 'KMSInvalidMacException', 400],
    ['kms', 'KMSInternalException', 500],
    ['kms', 'ThrottlingException', 400],
    ['dynamodb', 'ProvisionedThroughputExceededException', 400],
    ['dynamodb', 'RequestLimitExceeded', 400],
    ['dynamodb', 'ThrottlingException', 400],
    ['dynamodb', 'TransactionInProgressException', 400],
    ['dynamodb', 'IdempotentParameterMismatchException', 400],
    ['dynamodb', 'ResourceNotFoundException', 400],
    ['dynamodb', 'ValidationException', 400],
    ['dynamodb', 'InternalServerError', 500],
  ])('%s: %s says the same', async (id, type, status) => {
    const body = { __type: `com.amazonaws.${id}#${type}` }
    const trimmedFacts = facts(await refusedBy(id, [trims], body, status))
    expect(trimmedFacts).toEqual(facts(await refusedBy(id, [], body, status)))
    expect(trimmedFacts).toContain(type)
  })

  it('dynamodb: why a transaction was refused is read as before, with what stood there', async () => {
    const reasons = [
      { Code: 'ConditionalCheckFailed', Item: { pk: { S: 'p' }, n: { N: '7' } } },
      { Code: 'None' },
    ]
    const body = {
      __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
      CancellationReasons: reasons,
    }
    const failed = await refusedBy('dynamodb', [trims], body, 400)
    expect(failed).toMatchObject({ name: 'TransactionCanceledException', CancellationReasons: reasons })
    expect(facts(failed)).toEqual(facts(await refusedBy('dynamodb', [], body, 400)))
  })

  it.each<[ClientId, number]>([
    ['kms', 40],
    ['dynamodb', 30],
  ])('%s: registers those that are read, and the one that stands for all', (id, most) => {
    const path = `../../node_modules/@aws-sdk/client-${id}/dist-es/schemas/schemas_0.js`
    const source = readFileSync(new URL(path, import.meta.url), 'utf8')
    expect(source.match(/registerError/g)?.length).toBeGreaterThan(most)
    const kept = readErrors[id]
    expect(withoutErrors(source, kept).match(/registerError/g)).toHaveLength(kept.length + 1)
  })
})
