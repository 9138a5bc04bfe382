/** `npm run prove -- upgrade`: this version over a data folder of the version before. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Measured, measured } from '../bench/figures.ts'
import type { Proof } from './proof.ts'
import { type Held, holdAll } from './upgrade/after.ts'
import { makePast, type Past } from './upgrade/before.ts'
import { type Client, clientOf } from './upgrade/client.ts'
import { checkOut, here, latchkey, remove, start } from './upgrade/version.ts'

/** 0.1.0. */
const commitBefore = 'd14ebda576e91012e171851cd1ccc09df7bdecc3'

type Report = (line: string) => void

/** Where things are while it runs. */
interface Folders {
  readonly data: string
  readonly exportBefore: string
  readonly exportAfter: string
}

interface Before {
  readonly past: Past
  /** What could not be sent went aside. */
  readonly deadLetters: number
}

/** Runs the version before over the folder, seals and exports its ledger, and stops it. */
async function liveBefore(version: string, { data, exportBefore }: Folders): Promise<Before> {
  const stack = await start(version, data)
  try {
    const client = clientOf(stack.url, () => undefined)
    const past = await makePast(client)
    const { port } = new URL(stack.url)
    await latchkey(version, 'ledger', 'seal', '--local', port)
    await latchkey(version, 'ledger', 'export', exportBefore, '--local', port)
    return { past, deadLetters: (await client.deadLetters()).length }
  } finally {
    await stack.stop()
  }
}

/** One figure for each group, in the order in which they were held. */
function* summed(all: readonly Held[]): Generator<Measured> {
  for (const group of new Set(all.map((each) => each.group))) {
    const own = all.filter((each) => each.group === group)
    const holds = own.filter(({ wanted, got }) => wanted === got).length
    yield measured(`upgrade.${group}`, holds, `of ${own.length}`, { least: own.length })
  }
}

async function* held(client: Client, past: Past, report: Report): AsyncGenerator<Measured> {
  const all: Held[] = []
  for await (const each of holdAll(client, past)) {
    all.push(each)
    const { group, says, wanted, got } = each
    report(
      wanted === got ? `held  ${group}: ${says}` : `MISS  ${group}: ${says}: ${got} in place of ${wanted}`,
    )
  }
  yield* summed(all)
}

const entryLines = (folder: string) =>
  readFileSync(join(folder, 'entries.ndjson'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')

/** The ledger of both versions, with the checkpoints and the key of before as whoever kept them has them. */
async function* ledger(
  port: string,
  { exportBefore, exportAfter }: Folders,
  report: Report,
): AsyncGenerator<Measured> {
  await latchkey(here, 'ledger', 'seal', '--local', port)
  await latchkey(here, 'ledger', 'export', exportAfter, '--local', port)
  const kept = ['--checkpoint', 'checkpoints.ndjson', '--public-key', 'public-key.pem'].map((word) =>
    word.startsWith('--') ? word : join(exportBefore, word),
  )
  let verifies = true
  try {
    report(await latchkey(here, 'ledger', 'verify', exportAfter, ...kept))
  } catch (error) {
    verifies = false
    report((error as Error).message)
  }
  yield measured('upgrade.ledger_verifies', Number(verifies), '', { least: 1 }, 'with what was kept before')
  const after = entryLines(exportAfter)
  const lost = entryLines(exportBefore).filter((line) => !after.includes(line)).length
  yield measured('upgrade.entries_lost', lost, 'entries', { most: 0 })
  const policies = new Set(after.map((line) => JSON.parse(line).policyVersion))
  yield measured(
    'upgrade.policies_in_ledger',
    policies.size,
    'versions',
    { least: 2 },
    [...policies].join(', '),
  )
}

async function* live(
  { past, deadLetters }: Before,
  folders: Folders,
  report: Report,
): AsyncGenerator<Measured> {
  const stack = await start(here, folders.data)
  const broken: string[] = []
  let answered = 0
  try {
    const client = clientOf(stack.url, ({ status, code }, what) => {
      answered += 1
      if (status >= 500) broken.push(`${what}: ${status} ${code}`)
    })
    yield* held(client, past, report)
    yield measured(
      'upgrade.answers_5xx',
      broken.length,
      `of ${answered}`,
      { most: 0 },
      ...(broken.length > 0 ? [broken.join(', ')] : []),
    )
    const more = (await client.deadLetters()).length - deadLetters
    yield measured('upgrade.dead_letters', more, 'more than before', { most: 0 })
    yield* ledger(new URL(stack.url).port, folders, report)
  } finally {
    await stack.stop()
  }
}

export const proof: Proof = {
  about:
    'This version over a data folder of the version before: who could sign in still can, and what ends has its usual answer.',
  options: { from: { type: 'string' } },
  async *run({ from = commitBefore }, report) {
    const root = mkdtempSync(join(tmpdir(), 'latchkey-upgrade-'))
    const folder = (name: string) => join(root, name)
    const folders = { data: folder('data'), exportBefore: folder('before'), exportAfter: folder('after') }
    const version = folder('version')
    const clear = () => {
      remove(version)
      rmSync(root, { recursive: true, force: true, maxRetries: 3 })
    }
    // Ctrl-C leaves neither folders nor stacks behind.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
    process.once('exit', clear)
    report(`checking out and installing ${String(from)} ...`)
    try {
      checkOut(String(from), version)
    } catch (error) {
      // Without a figure nothing is proved.
      return report((error as Error).message)
    }
    report('living with the version before ...')
    const before = await liveBefore(version, folders)
    report('upgrading ...')
    yield* live(before, folders, report)
  },
}
