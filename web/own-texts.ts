/** Texts of the team's in the pages: they take the place of ours as the pages are built, so that no visitor carries both. */
import { ownTextProblems, withOwnTexts } from '../shared/domain/own-texts.ts'
import { readOwnTexts } from '../shared/own-texts-folder.ts'
import type { Catalogue } from './texts/catalogue.ts'

/** As they are named in a file: `auth.sendResetLink`, and `errors.OTP_INVALID.0` and `.1` for a sentence and what to do next. */
const named = ({ texts, errors }: Catalogue) => ({ ...texts, errors })

/** @returns the texts of each language, as they are named in a file */
export const textsOf = (catalogues: readonly Catalogue[]): ReadonlyMap<string, object> =>
  new Map(catalogues.map((each) => [each.locale, named(each)]))

/**
 * @param folder of texts; empty: none
 * @returns the catalogues with the team's texts
 * @throws Error that names each text that cannot be used, by language and key
 */
export function withTextsOf(folder: string, catalogues: readonly Catalogue[]): readonly Catalogue[] {
  if (folder === '') return catalogues
  const own = readOwnTexts(folder, 'pages')
  const problems = ownTextProblems(own, { texts: textsOf(catalogues), placeholder: /\{\{\w+\}\}/g })
  if (problems.length > 0) throw new Error(`Texts of the pages cannot be used:\n  ${problems.join('\n  ')}`)
  return catalogues.map((each) => {
    const { errors, ...rest } = withOwnTexts(named(each), own[each.locale])
    return { ...each, texts: rest, errors }
  })
}
