import { readFileSync } from 'node:fs'

/** @param file in `expected/` */
export const expectedLines = (file: string): string[] =>
  readFileSync(new URL(`expected/${file}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
