/** `latchkey keys`: which keys stored secrets name; a key that is named must stay enabled. */
import { settings } from '#shared/settings.ts'
import { type Item, scan } from '#shared/stores/database.ts'
import { readArguments } from '../arguments.ts'
import { showProgress } from '../progress.ts'

/** Adds the key id of every sealed value in an item, however deep it lies. */
function countKeys(value: unknown, counts: Map<string, number>): void {
  if (typeof value !== 'object' || value === null) return
  for (const [name, part] of Object.entries(value)) {
    if (name === 'keyId' && typeof part === 'string') counts.set(part, (counts.get(part) ?? 0) + 1)
    else countKeys(part, counts)
  }
}

/** The stored decoy is sealed by no key. */
const isIdentity = (item: Item) => String(item['pk']).startsWith('U#') && item['userId'] !== ''

/** @throws Unavailable */
export async function keysCommand(args: readonly string[]): Promise<void> {
  readArguments(args, [], {})
  const current = settings().KEY_CREDENTIAL
  const counts = new Map<string, number>([[current, 0]])
  const progress = showProgress('items')
  let [seen, from] = [0, undefined as Awaited<ReturnType<typeof scan>>['next']]
  do {
    const page = await scan('identities', from)
    for (const item of page.items.filter(isIdentity)) countKeys(item, counts)
    seen += page.items.length
    progress.update(seen)
    from = page.next
  } while (from !== undefined)
  progress.end()
  for (const [keyId, count] of [...counts].sort())
    process.stdout.write(`${keyId}  ${count} sealed values${keyId === current ? '  (seals new ones)' : ''}\n`)
}
