/** How a person stands, as the terminal shows it. */
import { deviceInWords, moment, type State, stateRows } from '#shared/words/state.ts'

/** A session on one line. */
export const sessionLine = (session: State['sessions'][number]): string =>
  `${session.id}  last used ${moment(session.lastUsedAt)}, ends ${moment(session.expiresAt)}  ${deviceInWords(session)}\n`

/** @param now epoch ms, by the clock of the services */
export function stateInWords(state: State, now: number): string {
  const lines = stateRows(state).map(({ name, value }) => `  ${name.padEnd(11)} ${value}\n`)
  return `${state.userId}, at ${moment(new Date(now).toISOString())}\n${lines.join('')}`
}
