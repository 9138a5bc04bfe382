/**
 * Refuses what IAM would refuse when deployed: each call of a function is held to its row of `infra/access.ts`. Calls that
 * belong to no function (the command line, tests, what Lambda itself does) are not judged.
 */
import * as z from 'zod/mini'
import { access } from '../../infra/access.ts'
import { type ItemUse, mayUse } from '../../infra/judge.ts'
import type { Access, BucketPart } from '../../infra/rights.ts'
import type { Invocation } from './attribution.ts'
import type { DynamoCall } from './dynamodb-call.ts'
import type { KeyStore } from './kms-keys.ts'
import type { ServiceName, WireCall, WireRequest } from './wire.ts'

export interface Iam {
  /** @returns why a call is refused, in words that name no key and no value; undefined where it is allowed. */
  refusalOf(
    service: ServiceName,
    request: WireRequest,
    call: WireCall,
    invocation: Invocation | undefined,
  ): string | undefined
}

/** @returns what is not allowed, such as `kms:Sign` */
type Judge = (access: Access, request: WireRequest, call: WireCall, name: string) => string | undefined

const accessOf = (name: string) => (access as Readonly<Record<string, Access>>)[name]

/** @param settings of the deployer: a witness that is mailed gives the sealer a way to send. */
export function createIam(keys: KeyStore, settings: Readonly<Record<string, string>>): Iam {
  const mailsWitness = (name: string) => name === 'seal-ledger' && settings['WITNESS_EMAIL'] !== undefined
  const judges: Readonly<Partial<Record<ServiceName, Judge>>> = {
    dynamodb: (own, _request, call) => judgeItems(own, call as DynamoCall),
    kms: (own, request, call) => judgeKey(own, request, call, keys),
    s3: judgeObjects,
    ses: (own, _request, _call, name) =>
      own.sends?.includes('email') || mailsWitness(name) ? undefined : 'ses:SendEmail',
    sns: (own) => (own.sends?.includes('sms') ? undefined : 'sns:Publish'),
    lambda: (own) => (own.sends ? undefined : 'lambda:InvokeFunction'),
    events: (own) => (own.publishes ? undefined : 'events:PutEvents'),
  }
  return {
    refusalOf(service, request, call, invocation) {
      const name = invocation?.function ?? ''
      const own = accessOf(name)
      const refused = own && judges[service]?.(own, request, call, name)
      return (
        refused &&
        `User: arn:aws:sts::000000000000:assumed-role/latchkey-local/${name} is not authorized to perform: ` +
          `${refused} because no right in infra/access.ts allows it`
      )
    },
  }
}

/** How a key begins: as much of it as says what kind of item it is. */
const kindOf = (key: string) => /^(?:[A-Z]#(?:[a-z-]+#)?)?/.exec(key)?.[0] ?? ''

const textOf = ({ action, table, keys }: ItemUse) =>
  `dynamodb:${action} on resource: table/${table} ${[...new Set(keys.map(kindOf))].join(' ')}`.trimEnd()

/** A call whose items cannot be told, such as a PartiQL statement, is allowed to nobody. */
function judgeItems(own: Access, { operation, uses }: DynamoCall): string | undefined {
  if (uses.length === 0) return `dynamodb:${operation}`
  const refused = uses.find((use) => !mayUse(own, use))
  return refused && textOf(refused)
}

const keyed = z.object({ KeyId: z.string() })

/** A key that is not there is left to KMS to name. */
function judgeKey(
  own: Access,
  { body }: WireRequest,
  { operation }: WireCall,
  keys: KeyStore,
): string | undefined {
  const input = keyed.safeParse(parsed(body))
  const key = input.success ? keys.find(input.data.KeyId)?.alias.replace('alias/latchkey-', '') : undefined
  if (key === undefined) return undefined
  const allowed = (own.keys as Readonly<Record<string, readonly string[]>> | undefined)?.[key] ?? []
  return allowed.includes(operation) ? undefined : `kms:${operation} on resource: key/${key}`
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

function judgeObjects(
  own: Access,
  { headers, path }: WireRequest,
  { operation }: WireCall,
): string | undefined {
  const isList = operation === 'ListObjectsV2'
  const [, , prefix = ''] = path.split('/')
  const allowed: readonly string[] = own.bucket?.[isList ? 'itself' : (prefix as BucketPart)] ?? []
  const asked = isList ? 'ListBucket' : operation
  const needed = [asked, ...('x-amz-object-lock-mode' in headers ? ['PutObjectRetention'] : [])]
  const refused = needed.find((action) => !allowed.includes(action))
  return refused && `s3:${refused}`
}
