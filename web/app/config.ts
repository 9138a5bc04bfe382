/** What whoever hosts the pages has set: attributes of the page's `<html>`, written by the build. */

import type { PageLinks } from '../page-links.ts'
import { type Country, readCountry } from '../parts/country.ts'

export interface Config {
  /** Origin of the API; empty for the page's own. */
  readonly api: string
  readonly product: string
  /** The agreement that a first PIN needs. */
  readonly consent: { readonly document: string; readonly version: string; readonly url: string }
  /** Where messages can be read on a developer's machine; empty when deployed. */
  readonly inbox: string
  readonly logo: {
    readonly light: string
    /** Empty where there is one for both. */
    readonly dark: string
    /** Width by height. */
    readonly ratio: number
  }
  /** Where the pages may lead back to, the usual one first. */
  readonly returnTo: readonly string[]
  /** That may be sent an SMS. */
  readonly countries: readonly Country[]
  /** Of the deployer's own site. */
  readonly links: PageLinks
}

export function readConfig({ dataset }: HTMLElement): Config {
  const [document = '', version = ''] = (dataset['consent'] ?? '').split('@')
  return {
    api: dataset['api'] ?? '',
    product: dataset['product'] ?? '',
    consent: { document, version, url: dataset['consentUrl'] ?? '' },
    inbox: dataset['inbox'] ?? '',
    logo: {
      light: dataset['logo'] ?? '',
      dark: dataset['logoDark'] ?? '',
      ratio: Number(dataset['logoRatio'] ?? 1),
    },
    returnTo: (dataset['returnTo'] ?? '').split(' ').filter(Boolean),
    countries: (dataset['countries'] ?? '').split(' ').filter(Boolean).map(readCountry),
    links: { privacy: dataset['linkPrivacy'], terms: dataset['linkTerms'], support: dataset['linkSupport'] },
  }
}
