/** `latchkey dead-letters list | drop`: what the workers gave up. */

import { plain } from '#shared/words/plain.ts'
import type { Given } from '../arguments.ts'
import { type DeadLetter, dropDeadLetters, listDeadLetters } from '../dead-letters.ts'
import { print } from '../output.ts'
import type { Clock } from '../services.ts'

const lineOf = ({ at, worker, condition, attempts, records }: DeadLetter) =>
  `${plain(at)}  ${plain(worker).padEnd(14)}  ${plain(condition)} after ${attempts} tries${records === undefined ? '' : `, records ${plain(records)}`}\n`

const advice =
  'The rows themselves are in the outbox: "latchkey redrive" brings them back once the cause is gone.\n'

/** @throws Problem when the queues are not known; what SQS, the network or the credential chain says */
export async function listCommand(
  { json }: Given<'dead-letters list'>,
  _: Clock,
  isLocal: boolean,
): Promise<void> {
  const letters = await listDeadLetters(isLocal)
  print(json, { deadLetters: letters }, () =>
    letters.length === 0 ? 'There are none.\n' : `${letters.map(lineOf).join('')}${advice}`,
  )
}

/** @throws as {@link listCommand} */
export async function dropCommand(
  { json }: Given<'dead-letters drop'>,
  _: Clock,
  isLocal: boolean,
): Promise<void> {
  await dropDeadLetters(isLocal)
  print(json, { dropped: true }, () => 'The dead-letter queues are emptied.\n')
}
