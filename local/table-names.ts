/** Names of the tables in a DynamoDB that outlives the stack: tables go with the keys under which their values lie. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { tables } from '#shared/tables.ts'
import type { TableNames } from './engine/create-tables.ts'
import { readState, writeState } from './state-file.ts'

const namesBy = (prefix: string) =>
  Object.fromEntries(Object.keys(tables).map((id) => [id, `${prefix}-${id}`])) as TableNames

const drawn = () => `latchkey-${randomBytes(4).toString('hex')}`

/**
 * @param dataDir keeps keys and names; without it both are of this run, for nobody could open what an earlier one sealed
 * @throws Error when the folder's file is damaged
 */
export function namesBeside(dataDir: string | undefined): TableNames {
  if (dataDir === undefined) return namesBy(drawn())
  const file = join(dataDir, 'table-names.json')
  const stored = readState(file) as { prefix?: string } | undefined
  if (stored?.prefix !== undefined) return namesBy(stored.prefix)
  // Folders of before November 2026 have keys, and tables without a name of their own.
  const prefix = existsSync(join(dataDir, 'kms-keys.json')) ? 'latchkey' : drawn()
  writeState(file, { prefix })
  return namesBy(prefix)
}
