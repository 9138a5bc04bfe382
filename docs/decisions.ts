/** The index of decisions, from the first lines of each. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, 'adr')
const heading = /^# (\d{4}): (.+)$/
/** `2026-11-26 · decided, begun`, `2026-11-20 · decided, changed by 0055`, `2026-11-20 · replaced by 0055` */
const standing = /^(\d{4}-\d\d-\d\d) · ((?:decided(?:, begun)?(?:, changed by \d{4})*|replaced by \d{4}))$/

/** @throws Error with one sentence for a decision that does not begin with number, title, date and standing */
function lineOf(file: string): string {
  const [first = '', , third = ''] = readFileSync(join(folder, file), 'utf8').split('\n')
  const [, number, title] = heading.exec(first) ?? []
  const [, date, status = ''] = standing.exec(third) ?? []
  if (number !== file.slice(0, 4) || date === undefined)
    throw new Error(
      `docs/adr/${file} must begin with "# NNNN: title", an empty line and "YYYY-MM-DD · decided"`,
    )
  return `| [${number}](${file}) | ${title} | ${date} | ${status} |`
}

/** One line a decision, by number. */
export function decisionsTable(): string {
  const files = readdirSync(folder)
    .filter((file) => /^\d{4}-.*\.md$/.test(file))
    .sort()
  return `# Decisions

One page each: context, what was decided, what it costs. Generated from their first lines by \`npm run docs\`. The next one takes the
next free number; one that no longer holds stays and says \`replaced by NNNN\`.

| number | decision | date | status |
| --- | --- | --- | --- |
${files.map(lineOf).join('\n')}
`
}
