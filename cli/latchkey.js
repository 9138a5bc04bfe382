#!/usr/bin/env node
// Starts the command line on Node 24, which runs TypeScript; an older Node runs the one that the checkout brings.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const needed = 24
const name = process.platform === 'win32' ? 'node.exe' : 'node'
const own = fileURLToPath(new URL(`../node_modules/node/bin/${name}`, import.meta.url))

if (Number.parseInt(process.versions.node, 10) >= needed) {
  // The package has no TypeScript, which Node does not run in node_modules.
  const source = new URL('run.ts', import.meta.url)
  const built = new URL('../dist/package/cli/run.js', import.meta.url)
  const { runCommandLine } = await import(existsSync(source) ? source.href : built.href)
  process.exitCode = await runCommandLine(process.argv.slice(2))
} else if (existsSync(own)) {
  const script = fileURLToPath(import.meta.url)
  const child = spawnSync(own, [script, ...process.argv.slice(2)], { stdio: 'inherit' })
  if (child.signal) process.kill(process.pid, child.signal)
  process.exitCode = child.status ?? 1
} else {
  console.error(
    `latchkey needs Node ${needed} or newer; this is ${process.version}. Run "npm ci" here first.`,
  )
  process.exitCode = 2
}
