/** A hash whose check would take longer than sign-in's floor is refused where it comes in (G1). */
import { writeFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { seedPasswordHash } from '#local/seed.ts'
import { adminOf } from '#test/support/admin.ts'
import { answerOf } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { latchkey } from '../ledger/command-line.ts'

const floorMs = 250

const world = useWorld({ settings: { LOGIN_FLOOR_MS: String(floorMs) } })
let admin: ReturnType<typeof adminOf>
beforeAll(async () => {
  admin = adminOf(world)
})

const bcrypt = (cost: number) => `$2y$${cost}$${'a'.repeat(53)}`
const argon2 = (memoryKiB: number, passes: number) =>
  `$argon2id$v=19$m=${memoryKiB},t=${passes},p=4$${'A'.repeat(22)}$${'A'.repeat(43)}`

test.each([
  ['bcrypt of cost 12', bcrypt(12), 450],
  ['bcrypt of cost 14', bcrypt(14), 1650],
  ['argon2id of 128 MiB and 4 passes', argon2(131_072, 4), 450],
  ['argon2id of 256 MiB and 10 passes', argon2(262_144, 10), 1900],
])('%s is refused, by a sentence that names the floor it needs', async (_, passwordHash, neededMs) => {
  const reply = await admin.put('u-costly', { email: 'costly@example.com', passwordHash })
  expect(answerOf(reply)).toBe('400 VALIDATION_FAILED')
  expect(reply.body.error?.details).toEqual([
    {
      field: 'passwordHash',
      message: `its time to check would show: sign-in answers after ${floorMs} ms (loginFloorMs), and this needs ${neededMs} ms`,
    },
  ])
  expect(JSON.stringify(reply.body)).not.toContain(passwordHash.slice(-20))
  expect(answerOf(await admin.get('u-costly'))).toBe('404 NOT_FOUND')
})

test.each([
  ['bcrypt of cost 10', bcrypt(10)],
  ['argon2id of 64 MiB and 3 passes', argon2(65_536, 3)],
  ['argon2id as we make it', seedPasswordHash],
])('%s fits below it', async (name, passwordHash) => {
  expect(answerOf(await admin.put(`u-${name.replaceAll(' ', '-')}`, { passwordHash }))).toBe('201')
})

test('an import refuses the same hashes, by the same sentence', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-costly-'))
  const file = join(folder, 'people.ndjson')
  writeFileSync(file, `${JSON.stringify({ userId: 'i-costly', passwordHash: bcrypt(12) })}\n`)
  const ran = await latchkey(['import', file, '--local', new URL(world.url).port])
  expect(ran.code).toBe(1)
  expect(ran.stdout + ran.stderr).toContain('0 identities are registered, 1 rows were refused')
  expect(await readFile(`${file}.refused.ndjson`, 'utf8')).toContain('this needs 450 ms')
  await rm(folder, { recursive: true })
})
