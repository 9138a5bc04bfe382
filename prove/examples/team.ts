/** A new team's own folders: copies of the examples, with the packed package and what the registry has. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '..', '..')
const startsWithinMs = 60_000
const endsWithinMs = 5000

export interface Team {
  /** Installs an example as its README says. @returns its folder @throws Error with what npm said */
  install(example: string): Promise<string>
  /** Runs a command to its end. @returns what it wrote @throws Error where it fails */
  run(folder: string, command: string, ...args: string[]): Promise<string>
  /** Starts a server of the team's on a free port, and waits until it answers. @returns its address */
  serve(folder: string, program: string, environment?: Readonly<Record<string, string>>): Promise<string>
  /** Ends what runs, and takes the folders away. */
  leave(): Promise<void>
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/**
 * What the machine has, its way to the registry too, and this Node; but nothing that the npm of this checkout has set, by which a
 * team's npm would work on the checkout.
 */
function teamEnvironment(): NodeJS.ProcessEnv {
  const ofOurNpm = /^(npm_(?!config_(registry|cafile|(https?_?|no)_?proxy)$)|INIT_CWD$|NODE_OPTIONS$)/i
  const { PATH = '', ...rest } = process.env
  const paths = PATH.split(delimiter).filter((path) => !path.startsWith(root))
  const kept = Object.entries(rest).filter(([name]) => !ofOurNpm.test(name))
  return { ...Object.fromEntries(kept), PATH: [dirname(process.execPath), ...paths].join(delimiter) }
}
const plain = teamEnvironment()

/** Packs the checkout. @throws Error where that fails */
export async function newTeam(): Promise<Team> {
  const home = mkdtempSync(join(tmpdir(), 'latchkey-team-'))
  const running: ChildProcess[] = []
  const run: Team['run'] = async (folder, command, ...args) => {
    const done = promisify(execFile)(command, args, { cwd: folder, env: plain })
    const { stdout } = await done.catch((error: Error & { readonly stdout?: string }) => {
      // Compilers say there what is wrong.
      throw new Error(`${error.message}\n${error.stdout ?? ''}`)
    })
    return stdout
  }
  await run(root, 'npm', 'pack', '--silent', '--pack-destination', home)
  const tarball = join(home, readdirSync(home).find((name) => name.endsWith('.tgz')) ?? '')
  return {
    run,
    async install(example) {
      const folder = join(home, example)
      const isOwn = (path: string) => !/[/\\](node_modules|cdk\.out)$/.test(path)
      cpSync(join(root, 'examples', example), folder, { recursive: true, filter: isOwn })
      const manifest = join(folder, 'package.json')
      writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('file:../..', `file:${tarball}`))
      await run(folder, 'npm', 'install', '--no-audit', '--no-fund')
      return folder
    },
    async serve(folder, program, environment = {}) {
      const port = await freePort()
      const env = { ...plain, PORT: String(port), ...environment }
      const child = spawn(process.execPath, [program], { cwd: folder, env, stdio: 'ignore' })
      running.push(child)
      const url = `http://127.0.0.1:${port}`
      const until = performance.now() + startsWithinMs
      for (;;) {
        const answers = await fetch(url).then(
          () => true,
          () => false,
        )
        if (answers) return url
        if (hasEnded(child) || performance.now() > until) throw new Error(`${program} does not serve`)
        await sleep(50)
      }
    },
    async leave() {
      for (const child of running) {
        if (hasEnded(child)) continue
        const closed = once(child, 'exit')
        child.kill()
        const timer = setTimeout(() => child.kill('SIGKILL'), endsWithinMs)
        await closed
        clearTimeout(timer)
      }
      rmSync(home, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}
