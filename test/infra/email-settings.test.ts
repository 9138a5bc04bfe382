/** How mails are sent and look, as a stage says it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Stack } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { readStage } from '../../infra/config.ts'
import { dataFor } from '../../infra/data.ts'
import { settingsEnvironment } from '../../infra/environment.ts'
import { context, withApp } from './synth.ts'

const stages = context['stages'] as Readonly<Record<string, Record<string, unknown>>>
const changed = (changes: Record<string, unknown>) => ({ dev: { ...stages['dev'], ...changes } })
/** What is wrong, a line each. */
function problems(changes: Record<string, unknown>): string[] {
  try {
    readStage(changed(changes), 'dev')
    return []
  } catch (error) {
    const [, ...lines] = (error as Error).message.split('\n')
    return lines.map((line) => line.trim())
  }
}

/** What the functions are told of mails, beside who sends them. */
function mailVariables(changes: Record<string, unknown>) {
  const variables = withApp((app) => {
    const config = readStage(changed(changes), 'dev')
    return settingsEnvironment(dataFor(new Stack(app, 'team'), config), config)
  })
  const told = Object.entries(variables).filter(([name]) => /^EMAIL_(?!FROM)/.test(name))
  return Object.fromEntries(told)
}

describe('mails', () => {
  it('takes how mails are sent and look, and refuses what no mail can show', () => {
    const email = {
      configurationSet: 'team-mails',
      replyTo: 'Help <help@acme.test>',
      logo: 'https://acme.test/logo.png',
      accent: '#0a7f5a',
    }
    expect(problems({ email })).toEqual([])
    expect(mailVariables({ email })).toEqual({
      EMAIL_CONFIGURATION_SET: 'team-mails',
      EMAIL_REPLY_TO: 'Help <help@acme.test>',
      EMAIL_LOGO: 'https://acme.test/logo.png',
      EMAIL_ACCENT: '#0a7f5a',
    })
    expect(mailVariables({})).toEqual({})
    expect(problems({ email: { configurationSet: 'a/b', replyTo: 'help', logo: 'logo.png' } })).toEqual([
      'email.configurationSet: must be the name of a configuration set of SES',
      'email.replyTo: must be an address or `Name <address>`, in one line',
      'email.logo: must be an https address',
    ])
    expect(problems({ email: { replyTo: 'A\r\nBcc: b@example.com <help@example.com>' } })).toEqual([
      'email.replyTo: must be an address or `Name <address>`, in one line',
    ])
    expect(problems({ email: { accent: '#ffd400' } })).toEqual([
      'email.accent: has a contrast of 1.4 : 1 with the white of a mail, and its button needs 3 : 1: take a darker colour',
    ])
  })

  it('gives mails the accent of the pages’ theme, which says it once for both, or refuses it by its file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-theme-'))
    const { pages, domain } = stages['prod'] as Record<string, object>
    const accentWith = (css: string, more: Record<string, unknown> = {}) => {
      writeFileSync(join(folder, 'theme.css'), css)
      const variables = mailVariables({
        domain,
        pages: { ...pages, theme: folder },
        origin: 'https://id.acme.test',
        ...more,
      })
      return variables['EMAIL_ACCENT']
    }
    const dark = '@media (prefers-color-scheme: dark) { :root { --lk-accent: #5fd0a8; } }'
    try {
      expect(accentWith(`:root { --lk-accent: #0a7f5a; } ${dark}`)).toBe('#0a7f5a,#5fd0a8')
      expect(accentWith(':root { --lk-accent: #0a7f5a; }')).toBe('#0a7f5a')
      expect(accentWith(':root { --lk-accent: oklch(60% 0.1 160); }')).toBeUndefined()
      expect(() => accentWith(':root { --lk-accent: #ffd400; }')).toThrow(
        /--lk-accent in .*theme\.css has a contrast of 1\.4 : 1 .*or set email\.accent/,
      )
      expect(accentWith(':root { --lk-accent: #ffd400; }', { email: { accent: '#7a5c00' } })).toBe('#7a5c00')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
