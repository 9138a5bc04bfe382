/** An act of an operator: who, and why, for the entry of the ledger. */
import { bodies } from '#shared/contract/schemas.ts'
import { newId } from '#shared/crypto/tokens.ts'
import type { Act } from '#shared/stores/operator-acts.ts'
import { actorOf } from './actor.ts'
import { usage } from './problem.ts'

/** @throws Problem for a reason that is too long; as {@link actorOf} */
export async function actOf(
  { options }: { readonly options: { readonly reason?: string } },
  isLocal: boolean,
): Promise<Act> {
  const read = bodies.reason.safeParse(options)
  if (!read.success) throw usage(`--reason: ${read.error.issues[0]?.message}`)
  return { id: newId(), actor: await actorOf(isLocal), note: read.data.reason || undefined }
}
