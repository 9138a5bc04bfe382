/** `latchkey tail`: entries of all people as they come. */
import { setTimeout as sleep } from 'node:timers/promises'
import { canonical } from '#shared/ledger/canonical.ts'
import { plain } from '#shared/words/plain.ts'
import type { Given } from '../arguments.ts'
import { entryTypeOf } from '../entry-types.ts'
import { follow } from '../follow.ts'
import type { Clock } from '../services.ts'
import { timelineOf } from '../timeline.ts'

const everyMs = 1000

const about = ({ chain }: { readonly chain: string }) => plain(chain.replace(/^identity\//, ''))

/** Ends with a signal, and then with 0. @throws Unavailable; Tampered or Unusable when what is stored is no checkpoint */
export async function tailCommand({ options, json }: Given<'tail'>, clock: Clock): Promise<void> {
  const type = entryTypeOf(options.type)
  const end = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end.abort())
  const pause = () => sleep(everyMs, true, { signal: end.signal }).catch(() => false)
  process.stderr.write('Waiting for entries; Ctrl-C ends it.\n')
  for await (const entry of follow(clock(), pause)) {
    if (type !== undefined && entry.type !== type) continue
    process.stdout.write(json ? `${canonical(entry)}\n` : `${about(entry)}\n${timelineOf(entry)}\n`)
  }
}
