/** `latchkey texts LANGUAGE`: every text by its key, as a file of the team's own may hold it. */
import { textsBelow } from '#shared/domain/own-texts.ts'
import { messageTexts } from '#shared/messages/own-texts.ts'
import type { Given } from '../arguments.ts'
import { usage } from '../problem.ts'

/** Loaded late: whoever asks for messages needs no page. */
async function pageTexts(): Promise<ReadonlyMap<string, object>> {
  const [{ readCatalogues }, { textsOf }] = await Promise.all([
    import('../../web/build.ts'),
    import('../../web/own-texts.ts'),
  ])
  return textsOf(await readCatalogues())
}

/** @throws Problem for a language that there are no texts in */
export async function textsCommand({ words, options: { pages } }: Given<'texts'>): Promise<void> {
  const [language] = words
  const texts = pages === true ? await pageTexts() : messageTexts
  const own = texts.get(language)
  if (own === undefined)
    throw usage(`There are no texts in "${language}". Languages: ${[...texts.keys()].join(', ')}.`)
  process.stdout.write(`${JSON.stringify(Object.fromEntries(textsBelow(own)), null, 2)}\n`)
}
