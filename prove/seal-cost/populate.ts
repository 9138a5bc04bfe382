/** Puts chains into the embedded engine's own file: a million would take its wire protocol an hour. */
import { DatabaseSync } from 'node:sqlite'

/** All of one length, so that a copy of a row needs no more than another name. */
export const chainName = (number: number) => `identity/u-seal-${String(number).padStart(9, '0')}`

/**
 * Copies the row of chain 0, which must be there, to the chains from 1 on.
 * @param file SQLite file of a running engine
 */
export function populate(file: string, table: string, chains: number): void {
  const database = new DatabaseSync(file)
  try {
    database.exec('PRAGMA busy_timeout = 60000')
    const name = `'identity/u-seal-' || printf('%09d', number)`
    const copy = `
      WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < ?)
      INSERT INTO "${table}" (pk, sk, item_json, item_size, cached_at, hash_prefix)
      SELECT replace(pk, ?, ${name}), sk, replace(item_json, ?, ${name}), item_size, cached_at,
             printf('%06x', number % 16777216)
      FROM numbers CROSS JOIN (SELECT * FROM "${table}" WHERE pk = ?)`
    const first = chainName(0)
    const { changes } = database.prepare(copy).run(chains - 1, first, first, `S:${first}`)
    // Else the engine's next write has to wait for all of it to be moved from the log into the file.
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    if (changes !== chains - 1) throw new Error(`The engine took ${changes} chains`)
  } finally {
    database.close()
  }
}
