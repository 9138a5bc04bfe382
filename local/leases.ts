/** Ends the leases of workers that died with an earlier process: nobody runs but this one. */
import { type Item, type Key, scan, updateOne } from '#shared/stores/database.ts'
import { challengeKinds } from '#shared/stores/keys.ts'
import { eachItem } from '#shared/stores/pages.ts'

const isOf = ({ prefixes }: { readonly prefixes: readonly string[] }, pk: string) =>
  prefixes.some((prefix) => pk.startsWith(prefix))

/** The change that ends the lease in an item: a notice's, or that of a code, which is its binding. */
function endOf({ pk, leaseUntil, boundAt }: Item): string | undefined {
  if (isOf(challengeKinds.lease, String(pk)) && leaseUntil !== undefined) return 'REMOVE leaseUntil'
  return isOf(challengeKinds.challenge, String(pk)) && boundAt !== undefined
    ? 'SET boundAt = :never'
    : undefined
}

export async function endLeases(): Promise<void> {
  for await (const item of eachItem((from: Key | undefined) => scan('challenges', from))) {
    const end = endOf(item)
    if (end === undefined) continue
    const values = end.includes(':never') ? { never: 0 } : undefined
    await updateOne('challenges', { pk: String(item['pk']) }, end, { ...(values && { values }) })
  }
}
