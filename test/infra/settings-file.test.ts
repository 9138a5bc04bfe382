/** Where settings stand: the file that the command line reads, a file of stages outside the checkout, the flags of cdk.json. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { featureFlags } from '../../infra/feature-flags.ts'
import { outputOf, settingsFile } from '../../infra/settings-file.ts'
import { readSettings as readStageSettings } from '../../infra/stages.ts'
import { context } from './synth.ts'

const stages = context['stages'] as Readonly<Record<string, Record<string, unknown>>>

describe('the settings file', () => {
  it('gives the command line the names that the functions read', () => {
    const names = ['TABLE_LEDGER', 'KEY_CODE_DERIVE', 'ORIGIN', 'LEDGER_RETENTION_DAYS']
    const outputs = Object.fromEntries(names.map((name) => [outputOf(name), `value of ${name}`]))
    expect(Object.keys(outputs)).toEqual([
      'SettingTableLedger',
      'SettingKeyCodeDerive',
      'SettingOrigin',
      'SettingLedgerRetentionDays',
    ])
    const text = settingsFile({ 'latchkey-dev-service': { ...outputs, ApiEndpoint: 'https://x' }, other: {} })
    expect(text).toBe(
      `${names
        .map((name) => `${name}=value of ${name}`)
        .sort()
        .join('\n')}\n`,
    )
  })
})

describe('a file of settings outside the checkout', () => {
  const read = (content: unknown, stage: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-stages-'))
    const file = join(folder, 'stages.json')
    writeFileSync(file, JSON.stringify(content))
    try {
      return {
        folder,
        file,
        settings: readStageSettings(new App({ context: { ...context, config: file } }).node, stage),
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  const own = { ...stages['dev'], product: 'Acme' }

  it('takes the place of what cdk.json has, which an upgrade may change', () => {
    expect(read({ acme: own }, 'acme').settings.product).toBe('Acme')
    expect(() => read({ acme: own }, 'dev')).toThrow(/There is no stage "dev" in .*stages.json. Known: acme/)
  })

  it('says what is wrong in it, and that it is there', () => {
    expect(() => read({ acme: { ...own, origin: 'http://x' } }, 'acme')).toThrow(
      /Stage "acme" in .*stages.json cannot be used:\n {2}origin: must be an https origin/,
    )
  })

  it('is named where it is not there, and where it is no JSON', () => {
    const at = (file: string) => () => readStageSettings(new App({ context: { config: file } }).node, 'acme')
    expect(at('/nowhere/stages.json')).toThrow('The settings in /nowhere/stages.json cannot be read: ENOENT')
    expect(at(import.meta.filename)).toThrow(/settings-file\.test\.ts cannot be read: Unexpected token/)
  })

  it('names a theme and texts from where it lies itself', () => {
    const prod = {
      ...stages['prod'],
      texts: 'texts',
      pages: { ...(stages['prod']?.['pages'] as object), theme: 'theme', securityTxt: 'security.txt' },
    }
    const { folder, settings } = read({ acme: prod }, 'acme')
    expect(settings.pages?.theme).toBe(join(folder, 'theme'))
    expect(settings.pages?.securityTxt).toBe(join(folder, 'security.txt'))
    expect(settings.texts).toBe(join(folder, 'texts'))
  })
})

it('the flags under which templates are made are those of cdk.json', () => {
  const flags = Object.entries(context).filter(
    ([name]) => name.startsWith('@aws-cdk/') || name.startsWith('@aws-cdk-'),
  )
  expect(featureFlags).toEqual(Object.fromEntries(flags))
})
