/** A copy of the checkout that can be spoilt: sources and tests, with the packages of the original. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Edit } from './attack.ts'

const root = join(import.meta.dirname, '..', '..')
/** All that tests of the functions read. */
const copied = ['bench', 'cli', 'docs', 'functions', 'infra', 'local', 'prove', 'shared', 'test', 'web']
const files = ['package.json', 'tsconfig.json', 'vitest.config.ts', 'cdk.json']

/**
 * The text with an edit made.
 * @throws Error when what is sought is not there exactly once: the source has moved on, and the edit must follow
 */
export function edited(text: string, { file, search, replace }: Edit): string {
  const found = text.split(search).length - 1
  if (found !== 1) throw new Error(`${file} holds ${found} times, not once: ${search}`)
  return text.replace(search, () => replace)
}

/** Makes a copy with the edits in it. @returns its folder */
export function copyWith(edits: readonly Edit[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-naive-'))
  for (const name of [...copied, ...files]) cpSync(join(root, name), join(folder, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const edit of edits) {
    const path = join(folder, edit.file)
    writeFileSync(path, edited(readFileSync(path, 'utf8'), edit))
  }
  return folder
}

export const removeCopy = (folder: string): void => rmSync(folder, { recursive: true, force: true })
