/**
 * Lets `npm ci` install Lambda's argon2 binary on every machine: takes the limits to its platform off its entry in
 * package-lock.json, whose integrity still holds. To be run after each change of @node-rs/argon2 (docs/adr/0012).
 */
import { readFileSync, writeFileSync } from 'node:fs'

const lock = new URL('../package-lock.json', import.meta.url)
export const nativeEntry = 'node_modules/@node-rs/argon2-linux-arm64-gnu'
export const platformLimits = ['cpu', 'libc', 'os'] as const

type Lock = { readonly packages: Record<string, Record<string, unknown>> }

/** @returns whether the lock had to be changed */
export function liftLimits({ packages }: Lock): boolean {
  const entry = packages[nativeEntry]
  if (entry === undefined) throw new Error(`package-lock.json has no ${nativeEntry}`)
  const limits = platformLimits.filter((limit) => limit in entry)
  for (const limit of limits) delete entry[limit]
  return limits.length > 0
}

if (import.meta.main) {
  const content = JSON.parse(readFileSync(lock, 'utf8')) as Lock
  if (liftLimits(content)) writeFileSync(lock, `${JSON.stringify(content, undefined, 2)}\n`)
}
