import { readFileSync } from 'node:fs'

/** Text of a file of the project. */
export const fromRoot = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
