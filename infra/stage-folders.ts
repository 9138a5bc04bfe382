/** Folders and files that a stage names, from the checkout where they are no whole paths. */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { StageConfig } from './config.ts'

const fromCheckout = (folder: string) => resolve(fileURLToPath(new URL('..', import.meta.url)), folder)

/** Of the pages' theme; undefined: they have the usual one. */
export const themeFolder = ({ pages }: Pick<StageConfig, 'pages'>): string | undefined =>
  pages?.theme && fromCheckout(pages.theme)

/** Of the team's texts; undefined: all are ours. */
export const textsFolder = ({ texts }: Pick<StageConfig, 'texts'>): string | undefined =>
  texts && fromCheckout(texts)

/** The team's security.txt; undefined: the pages have none. */
export const securityTxtFile = ({ pages }: Pick<StageConfig, 'pages'>): string | undefined =>
  pages?.securityTxt && fromCheckout(pages.securityTxt)
