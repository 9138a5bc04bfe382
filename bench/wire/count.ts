/** Counts what calls to AWS come to on the bill, from the requests as they are sent. */
import type { ClientRequest } from 'node:http'
import { smsSize } from '#shared/messages/sms-parts.ts'
import { type Counts, none } from '../../infra/call-counts.ts'
import { watchRequests } from './requests.ts'

/** Of some calls: what is billed, and how many calls they were. */
export type Counted = Omit<Counts, 'runs'> & { readonly calls: number }

const { runs: _, ...uncounted } = none
const nothing: Counted = { ...uncounted, calls: 0 }

export const sumOf = (all: readonly Counted[]): Counted =>
  all.reduce(
    (sum, each) =>
      Object.fromEntries(
        Object.entries(sum).map(([name, value]) => [name, value + each[name as keyof Counted]]),
      ) as unknown as Counted,
    nothing,
  )

/** @returns what the first came to beyond the second */
export const without = (all: Counted, some: Counted): Counted =>
  Object.fromEntries(
    Object.entries(all).map(([name, value]) => [name, value - some[name as keyof Counted]]),
  ) as unknown as Counted

type Json = Readonly<Record<string, unknown>>

const one = (counted: Partial<Counted>): Counted => ({ ...nothing, calls: 1, ...counted })

const ofTransaction = (body: Json) =>
  one({ transacted: (body['TransactItems'] as readonly unknown[]).length })

const batched = (body: Json, itemsOf: (asked: unknown) => readonly unknown[]) =>
  Object.values(body['RequestItems'] as Json).flatMap((asked) => [...itemsOf(asked)]).length

/** A read of nothing is billed as one of an item; pages of a query or scan here are small. */
const ofOperation: Readonly<Record<string, (body: Json) => Counted>> = {
  TransactWriteItems: ofTransaction,
  UpdateItem: () => one({ written: 1 }),
  PutItem: () => one({ written: 1 }),
  DeleteItem: () => one({ written: 1 }),
  BatchWriteItem: (body) => one({ written: batched(body, (puts) => puts as unknown[]) }),
  GetItem: () => one({ read: 1 }),
  Query: () => one({ read: 1 }),
  Scan: () => one({ read: 1 }),
  BatchGetItem: (body) => one({ read: batched(body, (asked) => (asked as { Keys: unknown[] }).Keys) }),
  GenerateMac: () => one({ macs: 1 }),
  VerifyMac: () => one({ macs: 1 }),
  Sign: () => one({ signatures: 1 }),
}

function ofForm(form: URLSearchParams): Counted {
  if (form.get('Action') === 'SendEmail') return one({ emails: 1 })
  return one({ sms: 1, smsParts: smsSize(form.get('Message') ?? '').parts })
}

/** @returns undefined for what is not AWS: the breach check is not signed */
function countOf(request: ClientRequest, text: string): Counted | undefined {
  if (!request.hasHeader('authorization')) return undefined
  const [api = '', operation = ''] = String(request.getHeader('x-amz-target') ?? '').split('.')
  if (api.startsWith('DynamoDBStreams')) return undefined
  if (operation !== '') return (ofOperation[operation] ?? (() => one({})))(JSON.parse(text) as Json)
  const form = new URLSearchParams(text)
  if (form.has('Action')) return ofForm(form)
  return one(request.method === 'PUT' ? { objects: 1 } : {})
}

/** Begins to count; `taken` gives what came since it was asked last, `stop` ends it. */
export function countCalls(): { taken(): Counted; stop(): void } {
  let counted: Counted[] = []
  const stop = watchRequests((request, text) => {
    const count = countOf(request, text)
    if (count !== undefined) counted.push(count)
  })
  const taken = () => {
    const sum = sumOf(counted)
    counted = []
    return sum
  }
  return { taken, stop }
}
