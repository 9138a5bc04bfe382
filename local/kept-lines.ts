/** A list that is kept in a file, one JSON object a line, as it grows. */
import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'

export interface KeptLines<T> {
  /** What was in the file at the start. */
  readonly found: readonly T[]
  add(value: T): void
  clear(): void
}

/** @param file where it is kept, readable by its owner alone; undefined: nowhere */
export function keepLines<T>(file: string | undefined): KeptLines<T> {
  return {
    found: file === undefined ? [] : stored<T>(file),
    add(value) {
      if (file !== undefined) appendFileSync(file, `${JSON.stringify(value)}\n`, { mode: 0o600 })
    },
    clear() {
      if (file !== undefined) writeFileSync(file, '', { mode: 0o600 })
    },
  }
}

/** A kill may have cut the last line: it goes, or the next would be joined to it. */
function stored<T>(file: string): T[] {
  if (!existsSync(file)) return []
  const text = readFileSync(file, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole !== text) truncateSync(file, Buffer.byteLength(whole))
  const lines = whole.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as T)
}
