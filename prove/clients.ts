/** `npm run prove -- clients`: clients made of the OpenAPI document by the tools that teams use compile, and sign in. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Measured, measured } from '../bench/figures.ts'
import { startProcess } from '../bench/processes/ask.ts'
import { kotlin } from './clients/kotlin.ts'
import { swift } from './clients/swift.ts'
import { document, installed, output } from './clients/tools.ts'
import { typescript } from './clients/typescript.ts'
import { stackProcess } from './http/stack.ts'
import type { Proof } from './proof.ts'

const folder = join(import.meta.dirname, 'clients')

/** @throws Error where they cannot be had */
function install(report: (line: string) => void): void {
  if (existsSync(join(folder, 'node_modules', 'tree-sitter-swift'))) return
  report('installing redocly and a parser of Swift into prove/clients ...')
  execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: folder, stdio: 'ignore' })
}

async function* lint(report: (line: string) => void): AsyncGenerator<Measured> {
  const linted = await installed('redocly', ['lint', document])
  if (!linted.ok) report(linted.said)
  yield measured('clients.redocly.accepts', Number(linted.ok), '', { least: 1 })
}

export const proof: Proof = {
  about:
    'Clients made of the OpenAPI document: TypeScript, Kotlin and Swift (with java and mvn, without which it fails; --typescript leaves them out).',
  options: { typescript: { type: 'boolean' } },
  async *run(values, report) {
    install(report)
    await rm(output, { recursive: true, force: true })
    await mkdir(output, { recursive: true })
    yield* lint(report)
    const stack = startProcess(stackProcess)
    try {
      const url = await stack.ask<string>('start', { seed: true, throttling: false })
      yield* typescript(url, report)
      if (values['typescript'] === true) return
      yield* kotlin(url, report)
      yield* swift(report)
      await stack.ask('close')
    } finally {
      await stack.close()
    }
  },
}
