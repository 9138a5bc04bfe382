import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashSync } from '@node-rs/bcrypt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld } from '#test/support/world.ts'
import { access } from '../../infra/access.ts'
import { bundle, checkNativeBinary } from '../../infra/bundle.ts'
import { bundleOf } from '../../infra/bundle-folder.ts'
import { liftLimits, nativeEntries, platformLimits } from '../../infra/native-lock.ts'
import { binaryOf, bindingOf, nativeModules } from '../../infra/processors.ts'
import type { FunctionId } from '../../infra/roles.ts'

const ids = Object.keys(access) as FunctionId[]
const hashes = (id: FunctionId) => 'hashes' in access[id]
const root = new URL('../../', import.meta.url)
const binaries = nativeModules.map((module) => binaryOf(module, 'arm64'))
const steps = ids.filter(
  (id) =>
    ![
      ...['deliver', 'notify', 'append-ledger', 'seal-ledger', 'sentinel', 'sweep-outbox', 'watch-sms'],
      ...['publish', 'canary'],
    ].includes(id),
)

let sizes: ReadonlyMap<FunctionId, number>
let scratch: string
const folder = () => join(scratch, 'functions')
const folderOf = (id: FunctionId) => bundleOf(id, folder())
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'latchkey-bundle-'))
  sizes = await bundle({ folder: folder() })
})
afterAll(() => rmSync(scratch, { recursive: true }))

describe('the bundles', () => {
  it('of steps that do not hash are 350 KB at most', () => {
    const large = steps.filter((id) => !hashes(id) && (sizes.get(id) ?? Number.POSITIVE_INFINITY) > 350_000)
    expect(large).toEqual([])
  })

  it('of workers that parse no body and send nothing carry no phone numbers’ plans', () => {
    const small = ['sweep-outbox', 'sentinel', 'publish', 'watch-sms', 'authorize'].map((id) => [id, 230_000])
    const most: Record<string, number> = { 'append-ledger': 250_000, ...Object.fromEntries(small) }
    const large = Object.entries(most).filter(([id, bytes]) => (sizes.get(id as FunctionId) ?? 0) > bytes)
    expect(large.map(([id]) => [id, sizes.get(id as FunctionId)])).toEqual([])
  })

  it('hold one file, or that and the native binaries', () => {
    for (const id of ids)
      expect([id, readdirSync(folderOf(id)).sort()]).toEqual([
        id,
        hashes(id) ? [...binaries, 'index.mjs'] : ['index.mjs'],
      ])
  })

  it('carry binaries for the processor that Lambda runs them on', () => {
    for (const id of ids.filter(hashes))
      for (const binary of binaries)
        expect(() => checkNativeBinary('arm64', join(folderOf(id), binary))).not.toThrow()
  })

  it('are not made with the binary of another processor, or none', () => {
    const other = join(scratch, 'other.node')
    const header = Buffer.alloc(64)
    header.write('\x7fELF', 'latin1')
    header.writeUInt16LE(0x3e, 18)
    writeFileSync(other, header)
    expect(() => checkNativeBinary('arm64', other)).toThrow('is not an ELF binary for arm64')
    expect(() => checkNativeBinary('arm64', join(scratch, 'none.node'))).toThrow(
      'run "npx node infra/native-lock.ts"',
    )
  })

  it('load with nothing beside them', () => {
    const files = ids.filter((id) => !hashes(id)).map((id) => join(folderOf(id), 'index.mjs'))
    const copies = files.map((file, index) => {
      const copy = join(scratch, `${index}.mjs`)
      copyFileSync(file, copy)
      return copy
    })
    const script = `for (const file of ${JSON.stringify(copies)}) if (typeof (await import(file)).handler !== 'function') process.exit(1)`
    execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: scratch,
      env: { AWS_REGION: 'eu-west-1' },
    })
  })
})

describe.skipIf(process.arch !== 'x64' || process.platform !== 'linux')('the bundle of login', () => {
  it('signs in with an imported hash, with this machine’s binaries in place of Lambda’s', async () => {
    const world = await createWorld()
    try {
      const person = await world.identity({ passwordHash: hashSync('password123', 4) })
      copyFileSync(join(folderOf('login'), 'index.mjs'), join(scratch, 'login.mjs'))
      for (const module of nativeModules)
        copyFileSync(
          `${root.pathname}node_modules/${bindingOf(module, 'x86_64')}/${binaryOf(module, 'x86_64')}`,
          join(scratch, binaryOf(module, 'arm64')),
        )
      const event = {
        resource: '/api/auth/login',
        httpMethod: 'POST',
        headers: { 'content-type': 'application/json' },
        requestContext: { requestId: 'r-1', identity: { sourceIp: '192.0.2.1' } },
        body: JSON.stringify({ identifier: person.email, password: person.password }),
      }
      writeFileSync(
        join(scratch, 'call.mjs'),
        `import { handler } from './login.mjs'
         const reply = await handler(${JSON.stringify(event)}, {})
         process.send(JSON.parse(reply.body))
         process.disconnect()`,
      )
      expect(await replyOf(join(scratch, 'call.mjs'), world.stack.services.environment)).toMatchObject({
        success: true,
        data: { expiresInSeconds: 43_200 },
      })
    } finally {
      await world.close()
    }
  })
})

async function replyOf(file: string, environment: Readonly<Record<string, string>>): Promise<unknown> {
  const { fork } = await import('node:child_process')
  const child = fork(file, {
    env: { ...environment },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', (code) => reject(new Error(`exited with ${code}`)))
  })
}

describe('the lock file', () => {
  const lock = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')) as {
    packages: Record<string, Record<string, unknown>>
  }

  it.each(nativeModules)('installs Lambda’s %s binary on every machine, and knows its hash', (module) => {
    const entry = lock.packages[`node_modules/${bindingOf(module, 'arm64')}`] ?? {}
    expect(platformLimits.filter((limit) => limit in entry)).toEqual([])
    expect(entry['integrity']).toMatch(/^sha512-/)
    expect(entry['version']).toBe(lock.packages[`node_modules/@node-rs/${module}`]?.['version'])
  })

  it('is put right by one command after a change of the package', () => {
    const limited = () => ({ version: '9', cpu: ['arm64'], os: ['linux'], libc: ['glibc'] })
    const changed = { packages: Object.fromEntries(nativeEntries.map((name) => [name, limited()])) }
    expect(liftLimits(changed)).toBe(true)
    for (const name of nativeEntries) expect(changed.packages[name]).toEqual({ version: '9' })
    expect(liftLimits(changed)).toBe(false)
  })
})
