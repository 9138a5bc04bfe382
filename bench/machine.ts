/** What the figures were measured on and with. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, platform, release, totalmem } from 'node:os'

const packages = [
  '@aws-sdk/client-dynamodb',
  '@aws-sdk/client-kms',
  '@middy/core',
  '@node-rs/argon2',
  '@node-rs/bcrypt',
  '@dynoxide/linux-x64',
  'esbuild',
  'zod',
] as const

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly system: string
  readonly measuredAt: string
}

export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    measuredAt: new Date().toISOString(),
  }
}

/** @returns undefined for a package that is not installed on this machine */
function versionOf(name: string): string | undefined {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? []
  for (const folder of folders)
    try {
      return (JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8')) as { version: string })
        .version
    } catch {}
  return undefined
}

export function versions(): Record<string, string> {
  const installed = packages.flatMap((name) => {
    const version = versionOf(name)
    return version === undefined ? [] : [[name, version]]
  })
  return { node: process.version, ...Object.fromEntries(installed) }
}
