/** Types of entries, as `--type` names one. */
import type { EventType } from '#shared/events.ts'
import { eventWords } from '#shared/words/events.ts'
import { usage } from './problem.ts'

/** In any case. @throws Problem that names the types, where there is no such one */
export function entryTypeOf(named: string | undefined): EventType | undefined {
  const type = named?.toUpperCase()
  if (type === undefined || Object.hasOwn(eventWords, type)) return type as EventType | undefined
  throw usage(
    `--type: there are no entries of type ${named}. Types: ${Object.keys(eventWords).join(', ')}.`,
    'tail',
  )
}
