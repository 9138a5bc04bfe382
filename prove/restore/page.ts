/** The steps of a restore as docs/deploy.md and docs/runbook.md have them: the shell that is run here is the pages' own. */
import { readFileSync } from 'node:fs'

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')

/** Commands of the command line that the section names, and the proof runs. */
export const documentedCommands = [
  'ledger export',
  'ledger seal',
  'ledger verify',
  'ledger show',
  'identity require-reset',
  'identity suspend',
  'identity erase',
  'redrive',
] as const
export type DocumentedCommand = (typeof documentedCommands)[number]

export const restoreSection = (): string =>
  /## 7\. Restore[\s\S]*?(?=\n## 8\.)/.exec(read('deploy.md'))?.[0] ?? ''

/** @throws Error where the pages have no block with these words, or several */
function blockWith(page: string, words: string): string {
  const blocks = [...page.matchAll(/^ {3}```\n([\s\S]*?)^ {3}```$/gm)].map(([, block = '']) => block)
  const [block, ...more] = blocks.filter((each) => each.includes(words))
  if (block === undefined || more.length > 0) throw new Error(`One block of the page should have: ${words}`)
  return block
}

/** Shell of the pages, by what it does. @throws Error as {@link blockWith} */
export const scripts = () => ({
  listUndone: blockWith(restoreSection(), 'undone.tsv'),
  raiseEpochs: blockWith(read('runbook.md'), 'ADD credentialEpoch'),
  emptyTables: blockWith(read('runbook.md'), 'batch-write-item'),
  takeSealsOut: blockWith(read('runbook.md'), 'REMOVE #password'),
  dropEntered: blockWith(restoreSection(), 'entered.txt'),
})
