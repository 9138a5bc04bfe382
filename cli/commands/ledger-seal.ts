/** `latchkey ledger seal`: a checkpoint now. */
import type { SealReport } from '../../functions/workers/seal-ledger.ts'
import type { Given } from '../arguments.ts'
import { print } from '../output.ts'
import { Problem } from '../problem.ts'
import type { Clock } from '../services.ts'

/** Here there is no function to ask, and the clock may have been moved on. */
async function sealHere(clock: Clock): Promise<SealReport> {
  const { sealLedger } = await import('#shared/stores/ledger-seal.ts')
  const { handToWitness } = await import('#shared/stores/witness.ts')
  const sealed = await sealLedger({ clock, always: true })
  let unreached = 0
  for (const { checkpoint, before } of sealed) unreached += (await handToWitness(checkpoint, before)).length
  return { checkpoints: sealed.map(({ checkpoint }) => checkpoint), unreached }
}

/** @throws Unavailable; Problem when the sealer failed or a witness could not be reached */
export async function sealCommand(
  given: Given<'ledger seal'>,
  clock: Clock,
  isLocal: boolean,
): Promise<void> {
  const ask = async () => (await import('../sealer.ts')).askForCheckpoint()
  const { checkpoints, unreached } = isLocal ? await sealHere(clock) : await ask()
  const lines = checkpoints.map(
    ({ number, at, count, root }) =>
      `checkpoint ${number} of ${new Date(at).toISOString()}: ${count} heads, root ${root}\n`,
  )
  print(given.json, { checkpoints, unreached }, () => lines.join(''))
  if (unreached > 0) throw new Problem('Sealed, but a witness could not be reached.', 1)
}
