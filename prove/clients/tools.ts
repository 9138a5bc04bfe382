/** Programs that the proof of clients runs, each with its output kept for the one who has to see why it failed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
/** Where generated clients go; emptied by each run. */
export const output = `${root}.data/clients`
export const document = `${root}docs/openapi.json`

export interface Ran {
  readonly ok: boolean
  readonly said: string
}

/** Runs a program to its end. A program that is not there has not worked, and says so. */
export async function ran(program: string, args: readonly string[], cwd: string = output): Promise<Ran> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
  const failed = once(child, 'error').then(([error]) => {
    said += (error as Error).message
    return [1]
  })
  const [code] = (await Promise.race([once(child, 'close'), failed])) as [number | null]
  return { ok: code === 0, said }
}

const packaged =
  (folder: string) =>
  (name: string, args: readonly string[], cwd?: string): Promise<Ran> =>
    ran(process.execPath, [`${root}${folder}/node_modules/.bin/${name}`, ...args], cwd)

/** A program of the packages that this proof installs. */
export const installed = packaged('prove/clients')
/** One of those that come with the checkout. */
export const generator = packaged('prove/clients/generators')
