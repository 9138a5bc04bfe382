/** Looks after the engine's stream records, where it leaves that to nobody: in its own file. */
import { DatabaseSync } from 'node:sqlite'

/** The engine looks for a table's last sequence number, and for a shard's ends, among all records. */
const indexes = [
  // Without it writes to the outbox fall from 2,600/s to 430/s within 15,000 records.
  `CREATE INDEX IF NOT EXISTS latchkey_stream_order
     ON _stream_records (table_name, CAST(sequence_number AS INTEGER))`,
  // Without it a look for new shards takes 51 ms among 100,000 records, in which nothing else is done; with it 19.
  `CREATE INDEX IF NOT EXISTS latchkey_stream_ends
     ON _stream_records (table_name, shard_id, sequence_number)`,
]

/** Keeps streams fast. @param file SQLite file of a running engine, which has made its own tables in it. */
export const indexStreams = (file: string): void => run(file, indexes)

/** A table made anew under the same name would be given the records of the old one. To be called while there is no table. */
export const forgetRecords = (file: string): void => run(file, ['DELETE FROM _stream_records'])

function run(file: string, statements: readonly string[]): void {
  const database = new DatabaseSync(file)
  try {
    database.exec('PRAGMA busy_timeout = 2000')
    for (const statement of statements) database.exec(statement)
  } finally {
    database.close()
  }
}
