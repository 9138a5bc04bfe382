/** Which Node runs the stack: its parts need 24, whatever the tests of a team run on. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const needed = 24

/** @throws Error that says what to install */
export function nodeForStack(): string {
  if (Number.parseInt(process.versions.node, 10) >= needed) return process.execPath
  try {
    const manifest = createRequire(import.meta.url).resolve('node/package.json')
    return join(dirname(manifest), 'bin', 'node')
  } catch {
    throw new Error(
      `The stack needs Node ${needed} or newer; this is ${process.version}. Run the tests on it, or add it as a package: npm install --save-dev node@${needed}`,
    )
  }
}
