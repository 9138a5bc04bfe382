/** The team's texts, read once from where the deployment put them. */
import type { OwnTexts } from '../domain/own-texts.ts'
import { readOwnTexts } from '../own-texts-folder.ts'
import { perEnvironment } from '../per-environment.ts'
import { settings } from '../settings.ts'

const read = perEnvironment<{ texts?: OwnTexts }>(() => ({}))

/** @throws Error for a folder or file that is none: synth and the local stack have checked it before */
export function ownTexts(): OwnTexts {
  const cached = read()
  const { TEXTS } = settings()
  cached.texts ??= TEXTS === undefined ? {} : readOwnTexts(TEXTS, 'messages')
  return cached.texts
}
