/** Small JSON files that hold the stack's own state across restarts. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** Writes beside the file and renames, so that a kill leaves the old or the new content, never a half. */
export function writeState(path: string, value: unknown): void {
  const beside = `${path}.new`
  writeFileSync(beside, JSON.stringify(value), { mode: 0o600 })
  renameSync(beside, path)
}

/**
 * @returns the content, or undefined when there is no such file.
 * @throws Error that names the file when it is not JSON.
 */
export function readState(path: string): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`${path} is damaged: it does not hold JSON. Remove it to start without it.`)
  }
}
