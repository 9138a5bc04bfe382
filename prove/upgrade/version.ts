/** A version of the product as its users have it: a checkout, started by `npm start`, and its command line. */
import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'

/** This version. */
export const here = join(import.meta.dirname, '..', '..')
const startsWithinMs = 120_000
const endsWithinMs = 20_000

const git = (...args: readonly string[]) =>
  execFileSync('git', ['-C', here, ...args], { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' })

/** @throws Error with one sentence where the history does not reach back to the commit */
function holdCommit(commit: string): void {
  try {
    git('cat-file', '-e', `${commit}^{commit}`)
  } catch {
    throw new Error(
      `This checkout has no commit ${commit}: the proof needs the history (git fetch --unshallow).`,
    )
  }
}

/** Packages of an older version: those of this one where the lock file is the same. */
function install(folder: string): void {
  const lockOf = (root: string) => readFileSync(join(root, 'package-lock.json'), 'utf8')
  if (lockOf(folder) === lockOf(here)) symlinkSync(join(here, 'node_modules'), join(folder, 'node_modules'))
  else execFileSync('npm', ['ci', '--prefer-offline'], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
}

/**
 * A commit in a folder of its own, ready to start.
 * @throws Error where there is no such commit, or its packages cannot be had
 */
export function checkOut(commit: string, folder: string): void {
  holdCommit(commit)
  git('worktree', 'add', '--detach', folder, commit)
  install(folder)
}

/** Takes a checkout away again, and what git knows of it. */
export function remove(folder: string): void {
  if (existsSync(folder)) git('worktree', 'remove', '--force', folder)
}

export interface Running {
  readonly url: string
  stop(): Promise<void>
}

/** The environment without what would make the stack another one than the folder's. */
function plainEnvironment(dataDir: string): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, LANG } = process.env
  return { PATH, HOME, TMPDIR, LANG, PORT: '0', LATCHKEY_DATA_DIR: dataDir }
}

/**
 * `npm start` on a free port, over a folder.
 * @throws Error with what it wrote where it does not become ready
 */
export async function start(folder: string, dataDir: string): Promise<Running> {
  // A group of its own, because the npm of an older version passes no signal on.
  const child = spawn('npm', ['start', '--silent'], {
    cwd: folder,
    env: plainEnvironment(dataDir),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(-Number(child.pid), name)
    } catch {
      // It has ended by itself.
    }
  }
  const killNow = () => signal('SIGKILL')
  // Before its folder is taken away.
  process.prependOnceListener('exit', killNow)
  const closed = once(child, 'close')
  const told = text(child.stderr)
  const stop = async () => {
    signal('SIGTERM')
    const timer = setTimeout(killNow, endsWithinMs)
    await closed
    clearTimeout(timer)
    process.off('exit', killNow)
  }
  const ready = new Promise<string>((resolve) => {
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const url = /^ready (\S+)$/m.exec(said)?.[1]
      if (url !== undefined) resolve(url)
    })
  })
  const late = AbortSignal.timeout(startsWithinMs)
  const url = await Promise.race([ready, closed, once(late, 'abort')])
  if (typeof url === 'string') return { url, stop }
  await stop()
  throw new Error(`${folder} did not start: ${(await told).slice(-2000)}`)
}

/**
 * The command line of a version.
 * @returns what it printed
 * @throws Error with what it said where its exit code is not 0
 */
export async function latchkey(folder: string, ...args: readonly string[]): Promise<string> {
  const command = [join(folder, 'cli', 'latchkey.js'), ...args]
  // Not waited for in one piece: the stack it speaks to writes its log to this process.
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: folder })
  return stdout
}
