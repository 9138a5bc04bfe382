/**
 * Lets `npm ci` install Lambda's binaries of argon2 and bcrypt on every machine: takes the limits to their platform off
 * their entries in package-lock.json, whose integrity still holds. To be run after each change of @node-rs/argon2 or
 * @node-rs/bcrypt (docs/adr/0012).
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { bindingOf, nativeModules } from './processors.ts'

const lock = new URL('../package-lock.json', import.meta.url)
export const nativeEntries = nativeModules.map((module) => `node_modules/${bindingOf(module, 'arm64')}`)
export const platformLimits = ['cpu', 'libc', 'os'] as const

type Lock = { readonly packages: Record<string, Record<string, unknown>> }

/** @returns whether the lock had to be changed */
export function liftLimits({ packages }: Lock): boolean {
  let lifted = 0
  for (const name of nativeEntries) {
    const entry = packages[name]
    if (entry === undefined) throw new Error(`package-lock.json has no ${name}`)
    const limits = platformLimits.filter((limit) => limit in entry)
    for (const limit of limits) delete entry[limit]
    lifted += limits.length
  }
  return lifted > 0
}

if (import.meta.main) {
  const content = JSON.parse(readFileSync(lock, 'utf8')) as Lock
  if (liftLimits(content)) writeFileSync(lock, `${JSON.stringify(content, undefined, 2)}\n`)
}
