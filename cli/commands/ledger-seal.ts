/** `latchkey ledger seal`: a checkpoint now. */
import { sealLedger } from '#shared/stores/ledger-seal.ts'
import { handToWitness } from '#shared/stores/witness.ts'
import { readArguments } from '../arguments.ts'
import { Problem } from '../problem.ts'

/** @throws Unavailable; Problem when a witness could not be reached */
export async function sealCommand(args: readonly string[], clock: () => number): Promise<void> {
  readArguments(args, [], {})
  let unreached = 0
  for (const { checkpoint, before } of await sealLedger({ clock, always: true })) {
    const { number, at, count, root } = checkpoint
    process.stdout.write(
      `checkpoint ${number} of ${new Date(at).toISOString()}: ${count} heads, root ${root}\n`,
    )
    unreached += (await handToWitness(checkpoint, before)).length
  }
  if (unreached > 0) throw new Problem('Sealed, but a witness could not be reached.', 1)
}
