/** How the stack ends, and what starts right behind it: as `npm start`, with npm in between. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { isRunning } from '#local/processes.ts'
import { sampleOf, sized } from '#test/support/whole.ts'

const directory = mkdtempSync(join(tmpdir(), 'ending-test-'))
const running: ChildProcess[] = []
const patience = 120_000

async function freePort(): Promise<string> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  return String(port)
}

interface Started {
  readonly child: ChildProcess
  readonly url: string
  /** Of the stack itself. */
  readonly pid: number
}

/** @param command with its words @throws Error with what it said where it does not get ready */
async function start(command: readonly string[], environment: Record<string, string>): Promise<Started> {
  const [program = '', ...words] = command
  const child = spawn(program, words, { env: { ...process.env, ...environment }, detached: true })
  running.push(child)
  let said = ''
  const take = (chunk: Buffer) => {
    said += String(chunk)
  }
  child.stdout?.on('data', take)
  child.stderr?.on('data', take)
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const ready = /^ready (\S+)$/m.exec(said)?.[1]
      if (ready !== undefined) resolve(ready)
    })
    child.once('close', () => reject(new Error(`It ended: ${said}`)))
  })
  const lock = join(environment['LATCHKEY_DATA_DIR'] ?? '', 'stack.lock')
  const { pid } = JSON.parse(readFileSync(lock, 'utf8')) as { pid: number }
  return { child, url, pid }
}

const direct = [process.execPath, 'local/start.ts']
const npm = ['npm', 'start', '--silent']
const folder = () => mkdtempSync(join(directory, 'data-'))

function listens(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    socket.once('connect', () => resolve(true) ?? socket.destroy())
    socket.once('error', () => resolve(false))
  })
}

afterAll(() => {
  // Each has a group of its own: whatever a failed test left goes with it.
  for (const { pid } of running) {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL')
    } catch {
      // It is gone already.
    }
  }
  rmSync(directory, { recursive: true, force: true })
})

/** One way for all, by the end of the pipe: one of them a day, all in `npm run prove -- whole-tests`. */
test.each(sampleOf(['SIGTERM', 'SIGINT', 'SIGKILL'] as const, 1))(
  'npm start ends with npm, which got %s alone, and leaves nothing on the port',
  { timeout: patience },
  async (signal) => {
    const environment = { PORT: await freePort(), LATCHKEY_DATA_DIR: folder() }
    const { child, url, pid } = await start(npm, environment)
    expect(await listens(url)).toBe(true)
    child.kill(signal)
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 10_000 })
    expect(await listens(url)).toBe(false)
    expect(existsSync(join(environment.LATCHKEY_DATA_DIR, 'stack.lock'))).toBe(false)
  },
)

const kills = sized(1, 8)

/** A start costs a second: each shows how the one before it ended. */
describe('on one port and folder', () => {
  const environment = { PORT: '', LATCHKEY_DATA_DIR: folder() }
  let last: Started
  beforeAll(async () => {
    environment.PORT = await freePort()
  })

  test('it starts while the one before, whose npm was killed, still ends', {
    timeout: patience,
  }, async () => {
    const first = await start(npm, environment)
    first.child.kill('SIGKILL')
    last = await start(direct, environment)
    expect(last.pid).not.toBe(first.pid)
    expect(last.url).toBe(first.url)
  })

  test(`it starts right after kill -9, in a row of ${kills}`, { timeout: 2 * patience }, async () => {
    const pids = new Set([last.pid])
    for (let turn = 0; turn < kills; turn += 1) {
      last.child.kill('SIGKILL')
      last = await start(direct, environment)
      pids.add(last.pid)
    }
    expect(pids.size).toBe(kills + 1)
  })

  test('Ctrl-C, which comes twice, ends it cleanly', { timeout: patience }, async () => {
    const { child } = last
    const ended = once(child, 'exit')
    child.kill('SIGINT')
    await sleep(5)
    child.kill('SIGINT')
    expect(await ended).toEqual([0, null])
    expect(existsSync(join(environment.LATCHKEY_DATA_DIR, 'stack.lock'))).toBe(false)
  })
})
