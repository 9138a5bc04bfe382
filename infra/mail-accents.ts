/** The colour that mails share with the pages: the theme says it once, for both. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { accentRefusal } from '../shared/messages/look.ts'
import type { StageConfig } from './config.ts'
import { themeFolder } from './stage-folders.ts'

/**
 * @returns `--lk-accent` of a theme, for light and for dark; nothing where it is not said as `#rrggbb`, which is all that every mail program reads
 * @throws Error for one that no button of a mail can have
 */
function ofTheme(folder: string): string[] {
  const file = join(folder, 'theme.css')
  const found = [...readFileSync(file, 'utf8').matchAll(/--lk-accent:\s*(#[0-9a-f]{6})\s*;/gi)]
  const [light, dark] = found.map(([, colour = '']) => colour)
  if (light === undefined) return []
  const refusal = accentRefusal(light)
  if (refusal !== undefined) throw new Error(`--lk-accent in ${file} ${refusal}, or set email.accent`)
  return dark === undefined ? [light] : [light, dark]
}

/** @returns the accent of a stage's mails, for light and perhaps for dark; nothing: the usual one */
export function mailAccents(config: Pick<StageConfig, 'email' | 'pages'>): readonly string[] {
  const own = config.email?.accent
  if (own !== undefined) return [own]
  const theme = themeFolder(config)
  return theme === undefined ? [] : ofTheme(theme)
}
