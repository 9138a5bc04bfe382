/** `npm run prove -- restore`: tables that are lost and set back, by the steps of docs/deploy.md. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { secondVerifier } from '#test/verifier/verifiers.ts'
import { type Measured, measured } from '../bench/figures.ts'
import type { Proof } from './proof.ts'
import { type Held, holdAll } from './restore/held.ts'
import { keyLost } from './restore/lost-key.ts'
import { scripts } from './restore/page.ts'
import { after, before, leaveInOutbox } from './restore/past.ts'
import { type Snapshot, setBack, snapshotOf } from './restore/tables.ts'
import { documented, environmentOf, faultsOf, heard, nowOf, shell, whileStopped } from './restore/world.ts'
import { clientOf, must } from './upgrade/client.ts'
import { here, latchkey, type Running, start } from './upgrade/version.ts'

type Report = (line: string) => void

const needed = ['aws', 'jq', 'python3', 'openssl', 'bash']
const lost = ['identities', 'challenges', 'sessions', 'outbox', 'notices'] as const

interface Folders {
  readonly data: string
  /** Where the shell of the page runs. */
  readonly shell: string
}

const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
const entriesOf = (folder: string) => linesOf(join(folder, 'entries.ndjson')).map((line) => JSON.parse(line))

const waitingIn = (stack: Running) => async () =>
  (await snapshotOf(await environmentOf(stack.url), ['outbox'])).get('outbox')?.length ?? 0

/** Lives up to the moment, past it, and until the tables are lost. */
async function live({ data, shell: folder }: Folders, drop: boolean) {
  const stack = await start(here, data)
  try {
    const client = clientOf(stack.url, () => undefined)
    const [environment, faults] = [await environmentOf(stack.url), faultsOf(stack.url)]
    const past = await before(client)
    await heard(waitingIn(stack))
    await documented(stack, 'ledger seal')
    await leaveInOutbox(client, past, faults)
    const moment = await nowOf(stack.url)
    const snapshot = await snapshotOf(environment, [...lost, 'ledger', 'seal'])
    await faults.clear()
    const undone = await after(client, past, faults)
    // What was held has gone aside by now. AWS restores to no moment of the last five minutes, which the appender counts on.
    await client.advance(drop ? 130 : 330)
    await documented(stack, 'redrive')
    await heard(waitingIn(stack))
    await documented(stack, 'ledger seal')
    await undone.holdLast()
    await documented(stack, 'ledger export', join(folder, 'before'))
    const unheard = await waitingIn(stack)()
    const deadLetters = (await client.deadLetters()).length
    return { past, undone, moment, snapshot, unheard, deadLetters }
  } finally {
    await stack.stop()
  }
}
type Lived = Awaited<ReturnType<typeof live>>

const only = (snapshot: Snapshot, ids: readonly string[]): Snapshot =>
  new Map([...snapshot].filter(([id]) => ids.includes(id)))

/** Steps 2 to 6 of the page, while nothing runs. @returns the lines of what is undone */
async function restoreTables(folders: Folders, { moment, snapshot }: Lived, drop: boolean) {
  return whileStopped(folders.data, async (environment) => {
    const given = { ...environment, T: String(moment), AWS_DEFAULT_REGION: environment['AWS_REGION'] ?? '' }
    const { listUndone, raiseEpochs, dropEntered } = scripts()
    await shell(listUndone, folders.shell, given)
    await setBack(environment, only(snapshot, lost))
    await shell(raiseEpochs, folders.shell, given)
    if (drop) await shell(dropEntered, folders.shell, given)
    return linesOf(join(folders.shell, 'undone.tsv')).map((line) => line.split('\t'))
  })
}

/** Step 7: what the ledger tells is undone is made good by the commands of the page. */
async function makeGood(stack: Running, undone: readonly (readonly string[])[]): Promise<number> {
  const why = ['--reason', 'restore']
  let done = 0
  for (const [, userId = '', type, reason, fields = ''] of undone) {
    const does = (name: Parameters<typeof documented>[1]) => documented(stack, name, userId, ...why)
    if (type === 'PASSWORD_RESET') await does('identity require-reset')
    else if (reason === 'erased') await does('identity erase')
    else if (fields === 'status') await does('identity suspend')
    else continue
    done += 1
  }
  return done
}

/** Seals and exports, then asks both verifiers, with each checkpoint that was kept before. */
async function verify(stack: Running, folder: string, kept: string, report: Report) {
  await documented(stack, 'ledger seal')
  await documented(stack, 'ledger export', folder)
  const words = [
    folder,
    '--checkpoint',
    join(kept, 'checkpoints.ndjson'),
    '--public-key',
    join(kept, 'public-key.pem'),
  ]
  const first = await latchkey(here, 'ledger', 'verify', ...words).then(
    (said) => ({ code: 0, said }),
    (error: Error) => ({ code: 1, said: error.message }),
  )
  const [second = { code: 1, said: '' }] = secondVerifier([words])
  report(`${first.said.trim()}\n${second.said.trim()}`)
  return Number(first.code === 0) + Number(second.code === 0)
}

const lineOf = ({ group, says, wanted, got }: Held) =>
  wanted === got ? `held  ${group}: ${says}` : `MISS  ${group}: ${says}: ${got}, not ${wanted}`

function* summed(all: readonly Held[]): Generator<Measured> {
  for (const group of new Set(all.map((each) => each.group))) {
    const own = all.filter((each) => each.group === group)
    const holds = own.filter(({ wanted, got }) => wanted === got).length
    yield measured(`restore.${group}`, holds, `of ${own.length}`, { least: own.length })
  }
}

/** How many entries stand a second time. */
function twice(folder: string): number {
  const ids = entriesOf(folder).map(({ id }) => id)
  return ids.length - new Set(ids).size
}

async function* comeBack(
  folders: Folders,
  lived: Lived,
  drop: boolean,
  report: Report,
): AsyncGenerator<Measured> {
  const undone = await restoreTables(folders, lived, drop)
  const told = new Set(undone.map(([, userId, type]) => `${userId} ${type}`))
  const { past } = lived
  const wanted = [
    ...[past.changed, past.used].map(({ userId }) => `${userId} PASSWORD_RESET`),
    ...[past.suspended, past.erased].map(({ userId }) => `${userId} IDENTITY_CHANGED`),
    ...[`${past.repinned.userId} PIN_RESET`, `${lived.undone.newcomer.userId} IDENTITY_CREATED`],
  ]
  yield measured(
    'restore.undone_told',
    wanted.filter((each) => told.has(each)).length,
    `of ${wanted.length}`,
    {
      least: wanted.length,
    },
  )
  const broken: string[] = []
  let answered = 0
  const stack = await start(here, folders.data)
  try {
    const client = clientOf(stack.url, ({ status, code }, what) => {
      answered += 1
      if (status >= 500) broken.push(`${what}: ${status} ${code}`)
    })
    yield measured('restore.made_good', await makeGood(stack, undone), 'commands', { least: 4, most: 4 })
    const all: Held[] = []
    for await (const each of holdAll(client, past, lived.undone)) {
      all.push(each)
      report(lineOf(each))
    }
    yield* summed(all)
    await must(client.get('/health'))
    await client.advance(130)
    report((await documented(stack, 'redrive')).trim())
    await heard(waitingIn(stack))
    const told = await documented(stack, 'ledger show', past.changed.userId)
    yield measured('restore.shown', Number(told.includes('PASSWORD_RESET')), '', { least: 1 })
    const folder = join(folders.shell, 'after')
    const accepted = await verify(stack, folder, join(folders.shell, 'before'), report)
    yield measured(
      'restore.verifiers_accept',
      accepted,
      'of 2',
      { least: 2 },
      'with the checkpoints of before',
    )
    const now = new Set(linesOf(join(folder, 'entries.ndjson')))
    const gone = linesOf(join(folders.shell, 'before', 'entries.ndjson')).filter(
      (line) => !now.has(line),
    ).length
    yield measured('restore.entries_gone', gone, 'entries', { most: 0 })
    yield measured('restore.entries_twice', twice(folder), 'entries', { most: 0 })
    yield measured(
      'restore.events_lost',
      lived.unheard,
      'events',
      {},
      'stood in the outbox alone as it was lost',
    )
    yield measured(
      'restore.answers_5xx',
      broken.length,
      `of ${answered}`,
      { most: 0 },
      broken.join(', ') || undefined,
    )
    const dead = (await client.deadLetters()).length - lived.deadLetters
    yield measured('restore.dead_letters', dead, 'more than before', { most: 0 })
  } finally {
    await stack.stop()
  }
}

/** What the ledger makes of one of its own tables that goes back, while a person goes on. */
async function ledgerAfter(
  folders: Folders,
  name: string,
  snapshot: Snapshot,
  { past }: Lived,
  report: Report,
) {
  await whileStopped(folders.data, (environment) => setBack(environment, snapshot))
  const stack = await start(here, folders.data)
  try {
    const client = clientOf(stack.url, () => undefined)
    await must(client.signIn(past.keeper.username, past.keeper.password))
    await heard(waitingIn(stack))
    return await verify(stack, join(folders.shell, name), join(folders.shell, 'after'), report)
  } finally {
    await stack.stop()
  }
}

async function* ownTables(folders: Folders, lived: Lived, report: Report): AsyncGenerator<Measured> {
  const cases = [
    ['seal_back', only(lived.snapshot, ['seal']), 2],
    ['seal_lost', new Map([['seal', []]]) as Snapshot, 2],
    ['ledger_back', only(lived.snapshot, ['ledger']), 0],
  ] as const
  for (const [name, snapshot, accept] of cases) {
    report(`${name} ...`)
    const accepted = await ledgerAfter(folders, name, snapshot, lived, report)
    yield measured(`restore.${name}.accepted`, accepted, 'of 2', { least: accept, most: accept })
  }
}

export const proof: Proof = {
  about:
    'Tables that are lost and set back to a moment, by the steps of docs/deploy.md: nothing of before is alive, the ledger tells what is undone, and verifies; then the credential key lost, by those of docs/runbook.md.',
  options: { 'keep-rows': { type: 'boolean' } },
  async *run(values, report) {
    const missing = needed.filter((command) => spawnSync(command, ['--version']).error !== undefined)
    if (missing.length > 0) return report(`The shell of the page needs: ${missing.join(', ')}`)
    const root = mkdtempSync(join(tmpdir(), 'latchkey-restore-'))
    const folders = { data: join(root, 'data'), shell: join(root, 'shell') }
    mkdirSync(folders.shell)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
    process.once('exit', () => rmSync(root, { recursive: true, force: true, maxRetries: 3 }))
    report('living up to the moment, and past it ...')
    const drop = values['keep-rows'] !== true
    const lived = await live(folders, drop)
    report('setting back ...')
    yield* comeBack(folders, lived, drop, report)
    yield* ownTables(folders, lived, report)
    report('the credential key is lost ...')
    const held = await keyLost(folders, lived.past)
    for (const each of held) report(lineOf(each))
    yield* summed(held)
  },
}
