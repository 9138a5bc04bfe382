/**
 * The team's texts as they lie in a folder: `messages/en.json`, `pages/hi.json` and so on, each an object of texts by key. Read by
 * the functions, by synth, by the local stack and by the build of the pages.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OwnTexts } from './domain/own-texts.ts'

export type TextsKind = 'messages' | 'pages'

const isTexts = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((text) => typeof text === 'string')

function fileAt(path: string): Record<string, string> {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new Error(`${path} cannot be read: ${(error as Error).message}`)
  }
  if (!isTexts(value)) throw new Error(`${path} must hold one object of texts by key`)
  return value
}

/**
 * @returns texts of one kind by language; none where the folder has none of it
 * @throws Error that names a folder or file that is none
 */
export function readOwnTexts(folder: string, kind: TextsKind): OwnTexts {
  let kinds: string[]
  try {
    kinds = readdirSync(folder)
  } catch {
    throw new Error(`${folder} is no folder of texts`)
  }
  if (!kinds.includes(kind)) return {}
  const files = readdirSync(join(folder, kind)).filter((name) => name.endsWith('.json'))
  return Object.fromEntries(
    files.map((name) => [name.slice(0, -'.json'.length), fileAt(join(folder, kind, name))]),
  )
}
