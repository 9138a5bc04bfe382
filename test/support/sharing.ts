/** Which test files share the world of their vitest worker: those that say `useWorld()`, without a wish. */
import { readFileSync } from 'node:fs'

/** @param path of a test file */
export const sharesWorld = (path: string): boolean => /\buseWorld\(\)/.test(readFileSync(path, 'utf8'))
