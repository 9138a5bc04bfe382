/** The emulated set of stopped flows, on the wire. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createWaf, openStops } from '#local/services/wafv2.ts'
import type { WireReply, WireRequest } from '#local/services/wire.ts'
import { nothingStopped } from '#shared/contract/stops.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-waf-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const name = { Name: 'latchkey-local-stopped-flows', Id: 'local', Scope: 'REGIONAL' }
const patterns = [{ RegexString: '^/one$' }, { RegexString: '^/two$' }]

/** A call, and what was answered: a refusal by its code. */
async function ask(waf: ReturnType<typeof createWaf>, operation: string, body: object) {
  const headers = { 'x-amz-target': `AWSWAF_20190729.${operation}` }
  const request: WireRequest = {
    ...{ method: 'POST', path: '/', query: new URLSearchParams(), headers },
    body: Buffer.from(JSON.stringify(body)),
  }
  try {
    const reply: WireReply = await waf.perform(request, waf.identify(request))
    return JSON.parse(String(reply.body))
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('the set of stopped flows', () => {
  test('is changed by whoever holds the lock of the last reading, once', async () => {
    const waf = createWaf(openStops(undefined))
    const { LockToken } = await ask(waf, 'GetRegexPatternSet', name)
    const change = { ...name, RegularExpressionList: patterns, LockToken }
    expect(await ask(waf, 'UpdateRegexPatternSet', change)).toHaveProperty('NextLockToken')
    expect(await ask(waf, 'UpdateRegexPatternSet', change)).toBe('WAFOptimisticLockException')
    const read = await ask(waf, 'GetRegexPatternSet', name)
    expect(read.RegexPatternSet.RegularExpressionList).toEqual(patterns)
  })

  test('takes no empty list, no pattern that WAF finds too long, and no other name', async () => {
    const waf = createWaf(openStops(undefined))
    const { LockToken } = await ask(waf, 'GetRegexPatternSet', name)
    for (const list of [[], [{ RegexString: 'x'.repeat(201) }], Array(11).fill(patterns[0])])
      expect(
        await ask(waf, 'UpdateRegexPatternSet', { ...name, RegularExpressionList: list, LockToken }),
      ).toBe('WAFInvalidParameterException')
    expect(await ask(waf, 'GetRegexPatternSet', { ...name, Id: 'other' })).toBe('WAFNonexistentItemException')
  })

  test('outlives a restart where the stack keeps its data, and is nothing after a reset', () => {
    openStops(folder).change(['^/one$'])
    const again = openStops(folder)
    expect(again.patterns()).toEqual(['^/one$'])
    again.clear()
    expect(openStops(folder).patterns()).toEqual(nothingStopped)
  })
})
