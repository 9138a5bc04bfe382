/** Long commands outlive the hour of a role: credentials that end soon are asked for again. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { environmentChanged } from '#shared/per-environment.ts'
import { credentials } from '../../cli/aws.ts'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-credentials-'))
const at = (name: string) => join(folder, name)

/** A profile whose credentials come from a program, each time others, which end in a minute. */
beforeAll(() => {
  const program = [
    "const { existsSync, readFileSync, writeFileSync } = require('node:fs')",
    `const file = ${JSON.stringify(at('count'))}`,
    "const count = existsSync(file) ? Number(readFileSync(file, 'utf8')) + 1 : 1",
    'writeFileSync(file, String(count))',
    'const Expiration = new Date(Date.now() + 60_000).toISOString()',
    "const made = { Version: 1, AccessKeyId: 'KEY' + count, SecretAccessKey: 's', SessionToken: 't', Expiration }",
    'console.log(JSON.stringify(made))',
  ]
  writeFileSync(at('role.cjs'), program.join('\n'))
  writeFileSync(
    at('config'),
    `[profile support]\ncredential_process = "${process.execPath}" "${at('role.cjs')}"\n`,
  )
  writeFileSync(at('none'), '')
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'])
    vi.stubEnv(name, undefined)
  vi.stubEnv('AWS_CONFIG_FILE', at('config'))
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', at('none'))
  vi.stubEnv('AWS_PROFILE', 'support')
  vi.stubEnv('AWS_REGION', 'eu-west-3')
  environmentChanged()
})
afterAll(() => {
  vi.unstubAllEnvs()
  environmentChanged()
  rmSync(folder, { recursive: true })
})

test('a role whose hour is nearly over is taken on again, without a word and without an end', async () => {
  const first = await credentials()
  expect(first.accessKeyId).toBe('KEY1')
  await vi.waitFor(async () => expect((await credentials()).accessKeyId).not.toBe('KEY1'), {
    timeout: 20_000,
    interval: 200,
  })
}, 30_000)
