/** `npm run prove -- schemathesis`: the OpenAPI document against the running service, by a tool that knows only the document. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Measured, measured } from '../bench/figures.ts'
import { startProcess } from '../bench/processes/ask.ts'
import { stackProcess } from './http/stack.ts'
import { type Proof, type Values, wholeNumber } from './proof.ts'

/** The version that was last seen to pass; it is a Python program, so no dependency of this package. */
const version = '4.32.5'
const hint = `Schemathesis is not there. Get it with
  python3 -m venv .data/schemathesis && .data/schemathesis/bin/pip install schemathesis==${version}
and name it: SCHEMATHESIS=.data/schemathesis/bin/st npm run prove -- schemathesis`

const fileOf = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** Runs the tool, showing what it says. @returns all of it. @throws Error where there is no such tool */
async function runTool(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const child = spawn(process.env['SCHEMATHESIS'] ?? 'st', args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    process.stderr.write(chunk)
  })
  await Promise.race([
    once(child, 'close'),
    once(child, 'error').then(() => {
      throw new Error(hint)
    }),
  ])
  return said
}

const numberIn = (text: string, pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? Number.NaN)

async function* run(values: Values, report: (line: string) => void): AsyncGenerator<Measured> {
  const examples = wholeNumber(values, 'examples', 100, { least: 1, most: 100_000 })
  const seed = wholeNumber(values, 'seed', 1, { least: 0, most: 2 ** 31 })
  const stack = startProcess(stackProcess)
  try {
    const url = await stack.ask<string>('start', {
      seed: true,
      throttling: false,
      settings: { LOGIN_FLOOR_MS: '0' },
    })
    report(`${url}, ${examples} examples an operation, seed ${seed}`)
    const args = [
      '--config-file',
      fileOf('schemathesis/schemathesis.toml'),
      'run',
      fileOf('../docs/openapi.json'),
    ]
    const options = [
      '--url',
      url,
      '--max-examples',
      String(examples),
      '--seed',
      String(seed),
      '--continue-on-failure',
    ]
    const said = await runTool([...args, ...options], {
      LATCHKEY_URL: url,
      SCHEMATHESIS_HOOKS: fileOf('schemathesis/hooks.py'),
    })
    const failures = /([0-9]+) generated, \1 passed/.test(said)
      ? 0
      : numberIn(said, /found ([0-9]+) unique failures?/)
    const errors = numberIn(said, /, ([0-9]+) errors?\b/) || 0
    yield measured('schemathesis.cases', numberIn(said, /([0-9]+) generated/), 'cases', { least: 1000 })
    yield measured('schemathesis.failures', failures, 'deviations', { most: 0 })
    yield measured('schemathesis.errors', errors, 'errors of the tool', { most: 0 })
    await stack.ask('close')
  } finally {
    await stack.close()
  }
}

export const proof: Proof = {
  about:
    'Service and OpenAPI document say the same, judged by Schemathesis (a Python tool; it says how to get it).',
  options: { examples: { type: 'string' }, seed: { type: 'string' } },
  run,
}
