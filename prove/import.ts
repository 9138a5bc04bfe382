/** `npm run prove -- import`: tens of thousands of people by `latchkey import`, which is killed at any row and goes on. */
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { seedPassword, seedPasswordHash } from '#local/seed.ts'
import { type Measured, measured } from '../bench/figures.ts'
import { startProcess } from '../bench/processes/ask.ts'
import { stackProcess } from './http/stack.ts'
import { type Proof, wholeNumber } from './proof.ts'
import { snapshotOf } from './restore/tables.ts'
import { environmentOf } from './restore/world.ts'
import { clientOf } from './upgrade/client.ts'
import { here } from './upgrade/version.ts'

const lookEveryMs = 20
/** After a batch was settled: into the next one, or between its writes. */
const killWithinMs = 120
const signIns = 20
const mostMb = 400

const userIdOf = (row: number) => `p-${row}`
const emailOf = (row: number) => `p${row}@example.com`

/** NDJSON of invented people, all with the one password. */
async function write(file: string, rows: number): Promise<void> {
  const out = createWriteStream(file)
  for (let row = 1; row <= rows; row += 1) {
    const person = { userId: userIdOf(row), email: emailOf(row), passwordHash: seedPasswordHash }
    if (!out.write(`${JSON.stringify(person)}\n`)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'close')
}

/** How many rows are settled, by what the import keeps beside its file. */
function doneIn(file: string): number {
  try {
    return (JSON.parse(readFileSync(`${file}.import-state.json`, 'utf8')) as { done: number }).done
  } catch {
    return 0
  }
}

interface Spent {
  readonly peakMb: number
  readonly cpuSeconds: number
}
const unknown: Spent = { peakMb: Number.NaN, cpuSeconds: Number.NaN }
/** Of a second, as /proc counts them. */
const ticks = 100

/** What a process has taken so far, where the system tells it. */
function spentBy(pid: number | undefined): Spent | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    // The name of the process stands before, in brackets.
    const [, times = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
    const [user, system] = times.split(' ').slice(11, 13).map(Number)
    const peakMb = Number(/^VmHWM:\s+([0-9]+) kB$/m.exec(status)?.[1]) / 1024
    return Number.isNaN(peakMb) ? undefined : { peakMb, cpuSeconds: (Number(user) + Number(system)) / ticks }
  } catch {
    return undefined
  }
}

interface Ran extends Spent {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
}

/** One run of the command. Once it has come to `killAt` settled rows, and settled some itself, it is killed, at no chosen moment. */
async function run(file: string, port: string, killAt: number, report: (line: string) => void): Promise<Ran> {
  const [start, killFrom] = [performance.now(), Math.max(killAt, doneIn(file) + 1)]
  const words = [join(here, 'cli', 'latchkey.js'), 'import', file, '--local', port]
  const child = spawn(process.execPath, words, { cwd: here, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr, spent] = ['', '', unknown]
  child.stdout.on('data', (text: Buffer) => {
    stdout += text.toString()
  })
  child.stderr.on('data', (text: Buffer) => {
    stderr += text.toString()
    report(text.toString().trim())
  })
  const closed = once(child, 'close')
  while (child.exitCode === null && child.signalCode === null) {
    await Promise.race([closed, sleep(lookEveryMs)])
    spent = spentBy(child.pid) ?? spent
    if (doneIn(file) < killFrom) continue
    await sleep(randomInt(killWithinMs))
    child.kill('SIGKILL')
    break
  }
  await closed
  const seconds = (performance.now() - start) / 1000
  return { code: child.exitCode, stdout, stderr, seconds, ...spent }
}

/** Who is registered, and how often the ledger says so. */
async function* counted(url: string, rows: number): AsyncGenerator<Measured> {
  const snapshot = await snapshotOf(await environmentOf(url), ['identities', 'ledger'])
  const isOurs = (text: string | undefined) => text?.startsWith('identity/p-') === true
  const people = snapshot.get('identities')?.filter(({ pk }) => pk?.S?.startsWith('U#p-')) ?? []
  const entries = snapshot.get('ledger')?.filter(({ chain }) => isOurs(chain?.S)) ?? []
  const chains = new Set(entries.map(({ chain }) => chain?.S))
  yield measured('import.people', people.length, `of ${rows}`, { least: rows, most: rows })
  yield measured('import.entries', entries.length, `of ${rows}`, { least: rows, most: rows })
  yield measured('import.chains', chains.size, `of ${rows}`, { least: rows, most: rows })
}

/** @returns how many of some people sign in */
async function signedIn(url: string, rows: number): Promise<number> {
  const client = clientOf(url, () => undefined)
  let count = 0
  for (let turn = 0; turn < signIns; turn += 1) {
    const body = { identifier: emailOf(randomInt(rows) + 1), password: seedPassword }
    if ((await client.post('/api/auth/login', body)).status === 200) count += 1
  }
  return count
}

async function* runs(
  file: string,
  url: string,
  plan: { readonly rows: number; readonly kills: number },
  report: (line: string) => void,
): AsyncGenerator<Measured> {
  const { rows, kills } = plan
  const moments = Array.from({ length: kills }, () => randomInt(rows)).sort((one, other) => one - other)
  const all: Ran[] = []
  let killed = 0
  for (const killAt of [...moments, Number.POSITIVE_INFINITY]) {
    const ran = await run(file, new URL(url).port, killAt, report)
    all.push(ran)
    if (ran.code !== null) break
    killed += 1
    report(`killed at ${doneIn(file)} settled rows`)
  }
  const last = all.at(-1)
  const seconds = all.reduce((sum, each) => sum + each.seconds, 0)
  // A row that was written as the command was killed, before that was noted, was there already.
  const told = /^(\d+) identities are registered(?:, (\d+) were there already)?, 0 rows were refused\.\n$/
  const [, registered, before = 0] = told.exec(last?.stdout ?? '') ?? []
  const isWhole = last?.code === 0 && Number(registered) + Number(before) === rows
  if (!isWhole) report(`exit code ${last?.code}: ${last?.stdout}${last?.stderr}`)
  yield measured('import.whole', Number(isWhole), '', { least: 1 })
  yield measured('import.kills', killed, 'by kill -9', {}, moments.join(', '))
  yield measured(
    'import.rows_per_second',
    rows / seconds,
    '/s',
    {},
    `${seconds.toFixed(0)} s, starts included`,
  )
  const cpuSeconds = all.reduce((sum, each) => sum + each.cpuSeconds, 0)
  if (!Number.isNaN(cpuSeconds)) {
    yield measured('import.peak_mb', Math.max(...all.map(({ peakMb }) => peakMb)), 'MB', { most: mostMb })
    yield measured(
      'import.cpu_ms_per_row',
      (cpuSeconds * 1000) / rows,
      'ms',
      {},
      'of the command, starts included',
    )
  }
  const rateTold = all.some(({ stderr }) => /, [0-9,]+\/s, .+ left$/m.test(stderr))
  // A run of less than five seconds tells nothing.
  yield measured('import.rate_told', Number(rateTold), '', rows < 10_000 ? {} : { least: 1 })
}

export const proof: Proof = {
  about:
    'An import of 50,000 people that is killed at any row goes on: everyone is in once, with one entry, and can sign in.',
  options: { rows: { type: 'string' }, kills: { type: 'string' } },
  async *run(values, report) {
    const rows = wholeNumber(values, 'rows', 50_000, { least: 100, most: 10_000_000 })
    const kills = wholeNumber(values, 'kills', 10, { least: 0, most: 1000 })
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-import-'))
    const stack = startProcess(stackProcess)
    try {
      const file = join(folder, 'people.ndjson')
      await write(file, rows)
      const url = await stack.ask<string>('start', { throttling: false })
      yield* runs(file, url, { rows, kills }, report)
      const start = performance.now()
      await stack.ask('idle')
      const seconds = (performance.now() - start) / 1000
      yield measured('import.ledger_behind', seconds, 's', {}, 'until the last entry, after the last row')
      const stackMs = (await stack.ask<number>('cpuSeconds')) * 1000
      yield measured('import.stack_cpu_ms_per_row', stackMs / rows, 'ms', {}, 'services, database, workers')
      yield* counted(url, rows)
      yield measured('import.signed_in', await signedIn(url, rows), `of ${signIns}`, { least: signIns })
    } finally {
      await stack.close()
      rmSync(folder, { recursive: true })
    }
  },
}
