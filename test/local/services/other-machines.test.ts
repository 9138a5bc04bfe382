/** Machines that are not this one: as far as it can be tried here. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { engineFor } from '#local/engine/dynamodb.ts'

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>

interface Locked {
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly optional?: boolean
  readonly resolved?: string
  readonly link?: boolean
}

const locked = () => json('package-lock.json')['packages'] as Record<string, Locked>

test.each([
  ['linux', 'x64', 'dynoxide'],
  ['linux', 'arm64', 'dynoxide'],
  ['darwin', 'x64', 'dynoxide'],
  ['darwin', 'arm64', 'dynoxide'],
  ['win32', 'x64', 'dynoxide.exe'],
] as const)(
  '%s-%s finds its engine among the optional packages, and no other machine installs it',
  (os, cpu, file) => {
    const engine = engineFor(os, cpu)
    expect(engine).toEqual({ package: `@dynoxide/${os}-${cpu}`, file })
    expect(json('package.json')['optionalDependencies']).toMatchObject({ [engine.package]: '1.2.1' })
    const entry = locked()[`node_modules/${engine.package}`]
    expect(entry).toMatchObject({ version: '1.2.1', os: [os], cpu: [cpu], optional: true })
  },
)

test('the lock file names no registry', () => {
  // A folder of this checkout, which npm links, is none.
  const resolved = Object.values(locked()).filter((each) => each.resolved !== undefined && each.link !== true)
  expect(resolved).toEqual([])
})

// `&&` is known to cmd.exe as well; `;`, variables, single quotes and `/bin/sh` are not. `exec` is a file there.
test('no script of the package needs a shell of one kind', () => {
  const scripts = json('package.json')['scripts'] as Record<string, string>
  const odd = Object.entries(scripts).filter(([, script]) => /.\bexec\b|[|$'`;]|\/bin\//.test(script))
  expect(odd).toEqual([])
  expect(scripts['start']).toMatch(/^exec node /)
  expect(readFileSync('exec.cmd', 'utf8').trim()).toBe('@%*')
})

describe('a program that is kept without a shell, as on Windows', () => {
  let folder: string
  const running: ChildProcess[] = []
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keeper-test-'))
  })
  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  /** A process that keeps the program, and tells how it ended. */
  function keeping(command: readonly string[], scratch: string) {
    const script = `
      const { spawnKept } = await import('#local/engine/kept-process.ts')
      const kept = spawnKept(${JSON.stringify(command)}, ${JSON.stringify(scratch)}, 'win32')
      process.on('SIGTERM', () => void kept.close().then(() => process.exit(0)))
      setInterval(() => undefined, 1000)
      console.log(await kept.ended)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    running.push(child)
    return child
  }

  const server = `require('node:http').createServer((_, reply) => reply.end()).listen(0, '127.0.0.1', function () {
    require('node:fs').writeFileSync(process.argv[1], String(this.address().port)) })`

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'ends with the process that started it, which got %s, and takes its folder along',
    async (signal) => {
      const scratch = join(folder, 'scratch')
      mkdirSync(scratch)
      const portFile = join(scratch, 'port')
      const parent = keeping([process.execPath, '-e', server, portFile], scratch)
      const port = await vi.waitFor(
        () => {
          const written = Number(readFileSync(portFile, 'utf8'))
          if (written === 0) throw new Error('not written yet')
          return written
        },
        { timeout: 20_000 },
      )
      expect(await accepts(port)).toBe(true)
      parent.kill(signal)
      await vi.waitFor(async () => expect(await accepts(port)).toBe(false), { timeout: 10_000 })
      await vi.waitFor(() => expect(existsSync(scratch)).toBe(false), { timeout: 10_000 })
    },
  )

  test.each([
    [
      'a program with a complaint',
      [process.execPath, '-e', 'console.error("no more"); process.exit(3)'],
      /code 3: no more$/,
    ],
    ['a program that is not there', ['/nowhere/engine'], /code 127: $/],
  ])('tells how %s ended', async (_, command, told) => {
    const [line] = await firstLine(keeping(command, ''))
    expect(line).toMatch(told)
  })
})

async function firstLine({ stdout }: ChildProcess): Promise<string[]> {
  if (stdout !== null) for await (const line of createInterface({ input: stdout })) return [line]
  throw new Error('the process ended without a line')
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true) ?? socket.destroy())
    socket.once('error', () => resolve(false))
  })
}
