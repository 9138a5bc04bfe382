import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkOwnMessages } from '#shared/messages/own-texts.ts'
import { smsForms, smsTexts } from '#shared/messages/sms-forms.ts'
import { latchkey, latchkeyProcess } from './command-line.ts'

const names = { product: 'Acme Pay', host: 'id.acme.test' }
const flags = ['--product', names.product, '--host', names.host]

test('latchkey sms-templates prints each text as it is registered, under the name that its id goes by', async () => {
  const { code, stdout, stderr } = await latchkey(['sms-templates', 'en', ...flags])
  expect(code).toBe(0)
  const blocks = stdout.trimEnd().split('\n\n')
  expect(blocks.map((block) => block.split('\n')[0])).toEqual(smsTexts.map((text) => `# ${text}`))
  expect(stdout).toContain(
    '# code.password\n{#var#} is your Acme Pay password reset code (ref {#var#}). Valid for {#var#}. Never share it with anyone.\n@id.acme.test #{#var#}\n',
  )
  expect(stderr).toContain('sms.senders.IN.templates.en')
  const json = await latchkey(['sms-templates', 'ar', ...flags, '--json'])
  expect(JSON.parse(json.stdout)).toEqual({
    language: 'ar',
    texts: Object.fromEntries(smsForms('ar', names)),
  })
})

test('takes the names from the settings of the stack, and does not guess them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-sms-'))
  try {
    const file = join(folder, 'latchkey.env')
    writeFileSync(file, 'PRODUCT=Acme Pay\nORIGIN=https://id.acme.test\n')
    const [set, flagged] = await Promise.all([
      latchkeyProcess(['sms-templates', 'en', '--env', file]),
      latchkey(['sms-templates', 'en', ...flags]),
    ])
    expect(set.stdout).toBe(flagged.stdout)
  } finally {
    rmSync(folder, { recursive: true })
  }
  const unnamed = await latchkeyProcess(['sms-templates', 'en', '--host', names.host])
  expect(unnamed).toMatchObject({ code: 2, stdout: '' })
  expect(unnamed.stderr).toContain('--product is missing')
})

test.each([
  ['https://x.de/', 'x.de'],
  ['x.de:8443', 'x.de'],
  ['x.de/reset', 'x.de'],
  ['X.de', 'x.de'],
  ['bücher.de', 'xn--bcher-kva.de'],
  ['x y', 'id.example.com'],
])('takes no host such as %s, which no message would match', async (host, instead) => {
  expect(await latchkey(['sms-templates', 'en', '--product', names.product, '--host', host])).toEqual({
    code: 2,
    stdout: '',
    stderr: `latchkey: --host takes a host alone, such as ${instead}: "${host}" is none.\nRun "latchkey --help" for the commands.\n`,
  })
})

test('prints the team’s own texts, and refuses one that cannot be used by its name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-texts-'))
  mkdirSync(join(folder, 'messages'))
  const run = (pinSet: string) => {
    writeFileSync(join(folder, 'messages', 'en.json'), JSON.stringify({ 'notices.pinSet.sms': pinSet }))
    return latchkey(['sms-templates', 'en', ...flags, '--texts', folder])
  }
  try {
    expect((await run('{product}: you have a PIN. Not you? Stop it:')).stdout).toContain(
      '# pinSet\nAcme Pay: you have a PIN. Not you? Stop it:\nhttps://id.acme.test/not-me#{#var#}\n',
    )
    const refused = await run('You have a PIN.')
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toContain(
      '--texts: Texts of messages cannot be used:\n  en "notices.pinSet.sms" lacks {product}',
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('names the languages there are texts in', async () => {
  const { code, stderr } = await latchkey(['sms-templates', 'fr', ...flags])
  expect(code).toBe(2)
  expect(stderr).toContain('There are no texts in "fr". Languages: en, ar, hi.')
})

test('latchkey texts prints every text by its key, which may then stand in a file of the team’s', async () => {
  const [messages, pages, none] = [
    await latchkey(['texts', 'hi']),
    await latchkey(['texts', 'ar', '--pages']),
    await latchkey(['texts', 'fr']),
  ]
  const texts = JSON.parse(messages.stdout) as Record<string, string>
  expect(checkOwnMessages({ hi: texts })).toEqual({ hi: texts })
  expect(texts['code.pin.sms']).toContain('{code}')
  expect(JSON.parse(pages.stdout)).toMatchObject({
    'auth.sendResetLink': expect.any(String),
    'errors.OTP_INVALID.0': expect.any(String),
  })
  expect(none).toMatchObject({ code: 2, stdout: '' })
})
