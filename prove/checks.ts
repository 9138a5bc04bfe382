/** How many checks of sessions the local stack answers a second, and how long a session that was ended passes a guard that keeps answers. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Measured, measured } from '../bench/figures.ts'
import { startProcess } from '../bench/processes/ask.ts'
import { perSecond } from '../bench/processes/at-once.ts'
import { type Check, guard } from '../guard/guard.ts'
import { stackProcess } from './http/stack.ts'
import { type Proof, wholeNumber } from './proof.ts'

const atOnce = 16
const lookEveryMs = 20
/** A look, a call, and a busy machine. */
const graceMs = 500

const post = (url: string, body: object) => fetch(url, { method: 'POST', body: JSON.stringify(body) })

async function newToken(url: string): Promise<string> {
  const reply = await post(`${url}/_local/identities`, { password: 'a', session: ['POSSESSION'] })
  return ((await reply.json()) as { token: string }).token
}

const requestOf = (token: string) =>
  new Request('https://api.example.com', { headers: { authorization: `Bearer ${token}` } })

async function end(url: string, token: string): Promise<void> {
  await fetch(`${url}/api/auth/logout`, { method: 'POST', headers: { authorization: `Bearer ${token}` } })
}

/** @returns milliseconds from the answer to a sign-out to the first refusal */
async function lateness(url: string, check: Check): Promise<number> {
  const token = await newToken(url)
  await check(requestOf(token))
  await end(url, token)
  const ended = performance.now()
  while ((await check(requestOf(token))).ok) await sleep(lookEveryMs)
  return performance.now() - ended
}

async function* measure(url: string, checks: number): AsyncGenerator<Measured> {
  const tokens = await Promise.all(Array.from({ length: atOnce }, () => newToken(url)))
  const run = (check: Check) => async (index: number) => {
    const checked = await check(requestOf(tokens[index % atOnce] ?? ''))
    if (!checked.ok) throw new Error(`A live session was refused: ${checked.status}`)
  }
  for (const cacheSeconds of [0, 1, 5]) {
    const check = guard({ url, cacheSeconds })
    await perSecond(atOnce * 4, atOnce, run(check))
    const rate = await perSecond(checks, atOnce, run(check))
    const name = cacheSeconds === 0 ? 'no_cache' : `cache_${cacheSeconds}s`
    const remark =
      cacheSeconds === 0 ? `${atOnce} at once; each a request of its own to one process` : undefined
    yield measured(`checks_per_second.${name}`, rate, '/s', {}, remark)
    const lateMs = await lateness(url, check)
    yield measured(`ended_session_passes_ms.${name}`, lateMs, 'ms', { most: cacheSeconds * 1000 + graceMs })
  }
}

export const proof: Proof = {
  about:
    'A session that was ended passes a guard for as long as the guard keeps answers, and no longer; how many checks a second there are.',
  options: { checks: { type: 'string' } },
  async *run(values) {
    const checks = wholeNumber(values, 'checks', 2000, { least: 100, most: 1_000_000 })
    const stack = startProcess(stackProcess)
    try {
      yield* measure(await stack.ask<string>('start', { throttling: false }), checks)
      await stack.ask('close')
    } finally {
      await stack.close()
    }
  },
}
