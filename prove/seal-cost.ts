/** Sealing costs what moved, not what exists: the same few hundred chains, alone and among a million others. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, startClock } from '#local/clock.ts'
import { applyEnvironment } from '#local/environment.ts'
import { runInvocation } from '#local/services/attribution.ts'
import { type Services, startServices } from '#local/services/index.ts'
import { measured } from '../bench/figures.ts'
import { type Proof, wholeNumber } from './proof.ts'
import { chainName, populate } from './seal-cost/populate.ts'

/** Of the engine's file in its folder. */
const engineFile = 'dynamodb.db'
/** Reads of the pointer and the 16 partitions, keeping the entries, signing, storing, the pointer. */
const mostFixedCalls = 25
const mostSlowdown = 2
/** Of each head that moved: to read it, to read its entries, and for its mark. */
const callsPerHead = 3
/** Past it the marks of what was sealed go, so that a run does not meet those of the one before. */
const marksLastSeconds = 600

async function appendTo(numbers: Iterable<number>): Promise<void> {
  const { put, transact } = await import('#shared/stores/database.ts')
  const { append } = await import('#shared/stores/ledger-append.ts')
  for (const number of numbers) {
    const [chain, sk] = [chainName(number), `seal-cost-${number}-${performance.now()}`]
    const userId = chain.slice('identity/'.length)
    const time = Date.now()
    const event = {
      type: 'LOGIN' as const,
      time,
      actor: 'subject',
      subject: { kind: 'identity' as const, value: userId },
      userId,
      outcome: 'success' as const,
      factors: [{ group: 'KNOWLEDGE' as const, method: 'password' }],
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0',
      requestId: sk,
    }
    const row = { pk: 'S#seal-cost', sk, createdAt: time, kind: 'event' as const, event }
    await transact([put('outbox', row)])
    await append(chain, [{ row, person: { userId } }])
  }
}

/** Seals what waits, once, when nobody relies on its marks any more. */
async function sealOnce(services: Services, clock: Clock, requestId: string) {
  clock.advance(marksLastSeconds)
  const { sealLedger } = await import('#shared/stores/ledger-seal.ts')
  const start = performance.now()
  const sealed = await runInvocation({ function: 'seal-ledger', requestId }, () =>
    sealLedger({ clock: Date.now, always: true }),
  )
  const ms = performance.now() - start
  const leaves = sealed.reduce((sum, { checkpoint }) => sum + checkpoint.count, 0)
  return { ms, leaves, calls: services.calls.byRequest(requestId).length }
}

const range = (from: number, count: number) => Array.from({ length: count }, (_, place) => from + place)

type Run = Awaited<ReturnType<typeof sealOnce>>

/** Three runs: as many heads alone, among all the chains, and then twice as many. */
async function measure(services: Services, clock: Clock, folder: string, chains: number, moved: number) {
  // The first seal opens connections and warms the code.
  await appendTo([0])
  await sealOnce(services, clock, 'warm-up')
  await appendTo(range(chains, moved))
  const alone = await sealOnce(services, clock, 'alone')
  populate(join(folder, engineFile), process.env['TABLE_LEDGER'] ?? '', chains)
  const step = Math.floor(chains / moved)
  await appendTo(range(0, moved).map((place) => place * step))
  const among = await sealOnce(services, clock, 'among')
  await appendTo(range(0, 2 * moved).map((place) => Math.floor((place * step) / 2) + 1))
  return { alone, among, twice: await sealOnce(services, clock, 'twice') }
}

const exactly = (count: number) => ({ least: count, most: count })

function* figuresOf({ alone, among, twice }: Record<'alone' | 'among' | 'twice', Run>, moved: number) {
  const { leaves, calls, ms } = among
  yield measured('seal_leaves', leaves, 'heads', exactly(moved))
  yield measured('seal_calls', calls, 'calls', exactly(alone.calls), 'as many as without the other chains')
  yield measured(
    'seal_calls_fixed',
    calls - callsPerHead * moved,
    'calls',
    { most: mostFixedCalls },
    'besides three for each head',
  )
  yield measured(
    'seal_calls_of_twice',
    twice.calls - calls,
    'calls',
    exactly(callsPerHead * moved),
    'more, where twice as many moved',
  )
  const remark = `${alone.ms.toFixed(0)} ms without the others; ${twice.ms.toFixed(0)} ms where twice as many moved`
  yield measured('seal_ms', ms, 'ms', { most: Math.round(mostSlowdown * alone.ms) }, remark)
}

export const proof: Proof = {
  about:
    'Sealing takes as many calls among a million chains as alone: three for each head that moved, and a few (G9).',
  options: { chains: { type: 'string' }, moved: { type: 'string' } },
  async *run(values) {
    const chains = wholeNumber(values, 'chains', 1_000_000, { least: 1000, most: 100_000_000 })
    const moved = wholeNumber(values, 'moved', 300, { least: 1, most: 400 })
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-seal-'))
    const services = await startServices({ dataDir: folder })
    const clock = startClock()
    const restore = applyEnvironment(services.environment)
    try {
      yield measured('seal_chains', chains, 'chains')
      yield* figuresOf(await measure(services, clock, folder, chains, moved), moved)
    } finally {
      restore()
      clock.close()
      await services.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
