/** Writes the generated documents; with `--check` fails when they are not what the code says. */
import { readFile, writeFile } from 'node:fs/promises'
import { openApi } from '#shared/contract/openapi.ts'
import { flowsTable, routesTable } from './tables.ts'

const generated: Record<string, () => string> = {
  'openapi.json': () => `${JSON.stringify(openApi(), null, 2)}\n`,
  'routes.md': () => `${routesTable()}\n${flowsTable()}`,
}

const stale: string[] = []
for (const [name, make] of Object.entries(generated)) {
  const file = new URL(name, import.meta.url)
  const text = make()
  if (!process.argv.includes('--check')) await writeFile(file, text)
  else if ((await readFile(file, 'utf8').catch(() => '')) !== text) stale.push(name)
}
if (stale.length > 0) {
  console.error(`docs/${stale.join(', docs/')} no longer say what the code does. Run: npm run docs`)
  process.exitCode = 1
}
