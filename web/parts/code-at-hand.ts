/** A new code was refused: the way to the one in the mailbox, whoever asked for it. */
import type { App } from '../app/app.ts'
import type { Failure } from '../client.ts'
import { mayBeAtHand } from './challenge.ts'
import type { Explanation } from './problem.ts'

/** @param use goes on to the code */
export function codeAtHand(
  app: App,
  failure: Failure,
  use: (refusal: Failure) => void,
): Explanation | undefined {
  const label = app.catalogue.texts.code.useAtHand
  return mayBeAtHand(failure) ? { actions: [{ label, run: () => use(failure) }] } : undefined
}
