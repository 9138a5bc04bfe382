/** The team's texts where messages are sent: TEXTS names their folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startStack } from '#local/stack.ts'
import { environmentChanged } from '#shared/per-environment.ts'
import { passwordEmail, passwordTwoFactor } from '#test/support/recovery.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-texts-'))
const write = (texts: Record<string, string>) =>
  writeFileSync(join(folder, 'messages', 'en.json'), JSON.stringify(texts))
const world = useWorld()
beforeAll(() => {
  mkdirSync(join(folder, 'messages'))
  write({
    'code.password.subject': 'Welcome back to {product}',
    'code.password.sms': '{code} gets you back into {product} (ref {ref}), for {life}. Tell nobody.',
  })
  vi.stubEnv('TEXTS', folder)
  environmentChanged()
})
afterAll(() => {
  vi.unstubAllEnvs()
  environmentChanged()
  rmSync(folder, { recursive: true })
})

test('mails and SMS are in the team’s words, with the code where it always stood', async () => {
  const person = await world.identity()
  for (const flow of [passwordEmail, passwordTwoFactor])
    await world.post(flow.request, flow.typed(person), { ip: newIp() })
  const [byMail, bySms] = [await world.lastCode(person.email), await world.lastCode(person.phone)]
  const [mail] = world.messages(person.email)
  expect(mail).toMatchObject({ subject: 'Welcome back to Latchkey' })
  expect(mail?.html).toContain(byMail)
  expect(world.messages(person.phone)[0]?.text).toMatch(
    new RegExp(
      `^${bySms} gets you back into Latchkey \\(ref [A-Z0-9]{4}\\), for 10 minutes\\. Tell nobody\\.\\n`,
    ),
  )
})

test('a stack does not start with a text that cannot be used, and says which', async () => {
  write({ 'code.password.sms': 'Welcome back.' })
  await expect(startStack({ settings: { TEXTS: folder } })).rejects.toThrow(
    'en "code.password.sms" lacks {code}, {product}, {ref}, {life}',
  )
})
