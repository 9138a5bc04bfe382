/** [cold_start_ratio, bundle_kb_max] */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import { settingsOf } from '#local/services/environment.ts'
import { openKeys } from '#local/services/kms-keys.ts'
import { steps } from '../../infra/steps.ts'
import { hashes } from '../bundles.ts'
import { type Measured, measured } from '../figures.ts'
import { median, spread } from '../statistics.ts'
import type { Setting } from './measure.ts'

const usualRounds = 25
const quickRounds = 1
const bytesPerKb = 1000
const plainSteps = steps.filter((step) => !hashes(step))
const here = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** As the functions are bundled, but for what is left out of them. */
async function bundleBareClient(outfile: string): Promise<void> {
  await esbuild.build({
    entryPoints: [here('bare-client.ts')],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    conditions: ['module'],
    banner: { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" },
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    logLevel: 'warning',
  })
}

/** The environment a function has in Lambda, as far as it is read at the start. */
const environment = (): NodeJS.ProcessEnv => ({
  ...settingsOf(openKeys(undefined)),
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
})

function importMs(path: string, env: NodeJS.ProcessEnv): number {
  const script = here('processes/import-time.mjs')
  return Number(execFileSync(process.execPath, [script, path], { env, encoding: 'utf8' }))
}

/** Every bundle once a round, so that what else the machine does hits all alike. */
function timesOf(paths: ReadonlyMap<string, string>, rounds: number): ReadonlyMap<string, number[]> {
  const env = environment()
  const times = new Map([...paths.keys()].map((name) => [name, [] as number[]]))
  for (const path of paths.values()) importMs(path, env)
  for (let round = 0; round < rounds; round += 1)
    for (const [name, path] of paths) times.get(name)?.push(importMs(path, env))
  return times
}

function coldStart(times: ReadonlyMap<string, number[]>, rounds: number): Measured {
  const overEmpty = (name: string) => median(times.get(name) ?? []) - median(times.get('empty') ?? [])
  const timed = plainSteps.filter((step) => times.has(step))
  const slowest = timed.toSorted((a, b) => overEmpty(b) - overEmpty(a))[0] ?? ''
  const bare = overEmpty('bare client')
  const listed = ['empty', 'bare client', slowest].map(
    (name) => `${name} ${spread(times.get(name) ?? [])} ms`,
  )
  const remark = `${rounds} fresh processes each: ${listed.join(', ')}`
  return measured('cold_start_ratio', overEmpty(slowest) / bare, '', { most: 1 }, remark)
}

function largest(sizes: Setting['sizes']): Measured {
  const kb = (step: (typeof plainSteps)[number]) => (sizes.get(step) ?? Number.NaN) / bytesPerKb
  const ordered = plainSteps.toSorted((a, b) => kb(b) - kb(a))
  const remark = ordered.slice(0, 3).map((step) => `${step} ${kb(step).toFixed(0)}`)
  const most = Math.max(...plainSteps.map(kb))
  return measured('bundle_kb_max', most, 'KB', { most: 350 }, `largest: ${remark.join(', ')}`)
}

export async function* measureColdStart({ sizes, pathOf, quick, wants }: Setting): AsyncGenerator<Measured> {
  yield largest(sizes)
  if (!wants('cold_start_ratio')) return
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
  const [empty, bare] = ['empty.mjs', 'bare.mjs'].map((name) => join(folder, name)) as [string, string]
  try {
    writeFileSync(empty, 'export {}\n')
    await bundleBareClient(bare)
    const paths = new Map([
      ['empty', empty],
      ['bare client', bare],
      ...(quick ? plainSteps.slice(0, 1) : plainSteps).map((step) => [step, pathOf(step)] as const),
    ])
    const rounds = quick ? quickRounds : usualRounds
    yield coldStart(timesOf(paths, rounds), rounds)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
