/** WAF on the wire, as far as stopping a flow needs it: one set of patterns, read and changed under its lock. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { nothingStopped } from '#shared/contract/stops.ts'
import { readState, writeState } from '../state-file.ts'
import { jsonRefusal, jsonReply, operationIn, parseJson } from './json-protocol.ts'
import { type Service, ServiceError } from './wire.ts'

const name = { Name: 'latchkey-local-stopped-flows', Id: 'local', Scope: 'REGIONAL' } as const
/** As a deployment tells it. */
export const stopsArn = `arn:aws:wafv2:us-east-1:000000000000:regional/regexpatternset/${name.Name}/${name.Id}`

export interface Stops {
  patterns(): readonly string[]
  change(patterns: readonly string[]): void
  /** Nothing is stopped any more. */
  clear(): void
}

const kept = z.array(z.string())

/** @param folder keeps them across restarts */
export function openStops(folder: string | undefined): Stops {
  const file = folder && join(folder, 'stopped-flows.json')
  let patterns: readonly string[] = kept.parse((file && readState(file)) ?? [...nothingStopped])
  const change = (changed: readonly string[]) => {
    patterns = changed
    if (file) writeState(file, patterns)
  }
  return { patterns: () => patterns, change, clear: () => change([...nothingStopped]) }
}

const asked = z.object({ Name: z.literal(name.Name), Id: z.literal(name.Id), Scope: z.literal(name.Scope) })
const changed = z.extend(asked, {
  /** WAF takes ten in a set, of 200 characters each. */
  RegularExpressionList: z
    .array(z.object({ RegexString: z.string().check(z.minLength(1), z.maxLength(200)) }))
    .check(z.minLength(1), z.maxLength(10)),
  LockToken: z.string(),
})

export function createWaf(stops: Stops): Service {
  let lock = randomUUID()
  return {
    name: 'wafv2',
    identify: (request) => ({ operation: operationIn(request, 'AWSWAF_20190729') }),
    perform({ body }, call) {
      if (call?.operation === 'GetRegexPatternSet') {
        read(asked, body)
        const list = stops.patterns().map((RegexString) => ({ RegexString }))
        return jsonReply(200, {
          RegexPatternSet: { Name: name.Name, Id: name.Id, ARN: stopsArn, RegularExpressionList: list },
          LockToken: lock,
        })
      }
      if (call?.operation !== 'UpdateRegexPatternSet')
        throw new ServiceError(400, 'UnknownOperationException', `WAF does not know ${call?.operation} here.`)
      const { RegularExpressionList, LockToken } = read(changed, body)
      if (LockToken !== lock)
        throw new ServiceError(400, 'WAFOptimisticLockException', 'The set was changed meanwhile.')
      stops.change(RegularExpressionList.map(({ RegexString }) => RegexString))
      lock = randomUUID()
      return jsonReply(200, { NextLockToken: lock })
    },
    refuse: jsonRefusal,
    broken: new ServiceError(500, 'WAFInternalErrorException', 'An internal error occurred.'),
    denied: [400, 'AccessDeniedException'],
    throttled: new ServiceError(400, 'ThrottlingException', 'Rate exceeded'),
  }
}

function read<T extends z.ZodMiniType>(schema: T, body: Buffer): z.output<T> {
  const result = schema.safeParse(parseJson(body))
  if (result.success) return result.data
  const isName = result.error.issues.some(({ path }) => ['Name', 'Id', 'Scope'].includes(String(path[0])))
  throw isName
    ? new ServiceError(400, 'WAFNonexistentItemException', 'AWS WAF could not find the set.')
    : new ServiceError(400, 'WAFInvalidParameterException', 'The list of patterns cannot be used.')
}
