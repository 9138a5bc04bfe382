/** The pages of a stage, built from the very settings that its API is given, so that the two cannot disagree. */
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { agreementToAsk } from '../shared/domain/consent.ts'
import { buildPages, type PagesOptions } from '../web/build.ts'
import type { StageConfig } from './config.ts'
import { securityTxtFile, textsFolder, themeFolder } from './stage-folders.ts'

const fromRoot = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** Origin of the API, as browsers call it. @throws Error without a domain, which the configuration does not let pass */
export function apiOrigin({ domain }: StageConfig): string {
  if (domain === undefined) throw new Error('Pages need an API with a name of its own')
  return `https://${domain.name}`
}

export function pagesOptions(config: StageConfig): Partial<PagesOptions> {
  const [theme, texts] = [themeFolder(config), textsFolder(config)]
  const securityTxt = securityTxtFile(config)
  return {
    api: apiOrigin(config),
    product: config.product,
    consent: agreementToAsk(config.consent, config.consents),
    countries: config.sms.countries,
    ...(theme !== undefined && { theme }),
    ...(texts !== undefined && { texts }),
    ...(config.pages?.consentUrl && { consentUrl: config.pages.consentUrl }),
    ...(config.pages?.links && { links: config.pages.links }),
    ...(securityTxt !== undefined && { securityTxt }),
    ...(config.returnTo.length > 0 && { returnTo: config.returnTo }),
  }
}

export const pagesFolder = (stage: string) => fromRoot(`dist/pages/${stage}`)

/** @returns the folder they are in; undefined where the stage hosts none */
export async function buildStagePages(
  config: StageConfig,
  folder = pagesFolder(config.stage),
): Promise<string | undefined> {
  if (config.pages === undefined) return undefined
  rmSync(folder, { recursive: true, force: true })
  await buildPages({ ...pagesOptions(config), out: folder })
  return folder
}
