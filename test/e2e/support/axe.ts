/** axe-core in a page. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Visit } from './visit.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** All of axe's rules, those of best practice too. @returns one line for each finding */
export async function findings({ page }: Pick<Visit, 'page'>): Promise<unknown> {
  await page.evaluate(axe)
  return page.evaluate(`axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => [id, html, failureSummary].join(' '))))`)
}
