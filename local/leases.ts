/** Ends the leases of workers that died with an earlier process: nobody runs but this one. */
import { scan, updateOne } from '#shared/stores/database.ts'

export async function endLeases(): Promise<void> {
  let from: Awaited<ReturnType<typeof scan>>['next']
  do {
    const page = await scan('challenges', from)
    for (const { pk, leaseUntil, doneAt } of page.items) {
      if (typeof pk !== 'string' || !pk.startsWith('W#') || leaseUntil === undefined || doneAt !== undefined)
        continue
      await updateOne('challenges', { pk }, 'REMOVE leaseUntil')
    }
    from = page.next
  } while (from !== undefined)
}
