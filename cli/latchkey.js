#!/usr/bin/env node
// Starts the command line on Node 24, which runs TypeScript; an older Node runs the one that the package `node` brings, where it is there.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const needed = 24
const source = new URL('run.ts', import.meta.url)
/** The package has no TypeScript, which Node does not run in node_modules. */
const isCheckout = existsSync(source)

/** The package `node` of the checkout, or of the project that installed this one. */
function broughtNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve('node/package.json')
    const path = join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    return existsSync(path) ? path : undefined
  } catch {
    return undefined
  }
}

async function run() {
  const built = new URL('../dist/package/cli/run.js', import.meta.url)
  const { runCommandLine } = await import(isCheckout ? source.href : built.href)
  return runCommandLine(process.argv.slice(2))
}

function runBy(node) {
  const script = fileURLToPath(import.meta.url)
  const child = spawnSync(node, [script, ...process.argv.slice(2)], { stdio: 'inherit' })
  if (child.signal) process.kill(process.pid, child.signal)
  return child.status ?? 1
}

function refuse() {
  const advice = isCheckout
    ? 'Run "npm ci" in the checkout first.'
    : `Run it on that, or add it to this project: npm install --save-dev node@${needed}`
  console.error(`latchkey needs Node ${needed} or newer; this is ${process.version}. ${advice}`)
  return 2
}

const isNewEnough = Number.parseInt(process.versions.node, 10) >= needed
const node = isNewEnough ? undefined : broughtNode()
process.exitCode = isNewEnough ? await run() : node === undefined ? refuse() : runBy(node)
