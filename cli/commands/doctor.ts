/** `latchkey doctor`: what is wrong with a stage, and what to do about each. */
import { oldestRow } from '#shared/stores/outbox-sweep.ts'
import type { Given } from '../arguments.ts'
import {
  carriers,
  readCheckpointTime,
  readCountries,
  readDeadLetters,
  readEmail,
  readKeyStates,
  readSms,
  readTables,
} from '../doctor/facts.ts'
import * as findings from '../doctor/findings.ts'
import { endOf } from '../ending.ts'
import { print } from '../output.ts'
import { Problem } from '../problem.ts'
import type { Clock } from '../services.ts'
import { readStoppedFlows } from '../stopped-flows.ts'

interface Check {
  readonly name: string
  readonly look: () => Promise<findings.Finding[]>
}

const checksOf = (now: number, isLocal: boolean): Check[] => [
  { name: 'tables and streams', look: async () => findings.ofTables(await readTables()) },
  { name: 'keys', look: async () => findings.ofKeys(await readKeyStates()) },
  { name: 'email', look: async () => (carriers().ses ? findings.ofEmail(await readEmail()) : []) },
  { name: 'SMS', look: async () => (carriers().sns ? findings.ofSms(await readSms(now, isLocal)) : []) },
  { name: 'countries', look: async () => findings.ofCountries(await readCountries(now)) },
  { name: 'flows', look: async () => findings.ofStoppedFlows(await readStoppedFlows()) },
  { name: 'checkpoints', look: async () => findings.ofCheckpoint(await readCheckpointTime(), now) },
  { name: 'outbox', look: async () => findings.ofOutbox(await oldestRow(), now) },
  { name: 'dead letters', look: async () => findings.ofDeadLetters(await readDeadLetters(isLocal)) },
]

/** What cannot be asked is wrong as well. */
async function looked({ name, look }: Check): Promise<{ name: string; findings: findings.Finding[] }> {
  try {
    return { name, findings: await look() }
  } catch (error) {
    const { message } = await endOf(error)
    return { name, findings: [{ wrong: `It could not be asked: ${message}`, todo: 'See the sentence.' }] }
  }
}

/** @throws Problem, with exit code 1, where something is wrong */
export async function doctorCommand(
  { json }: Given<'doctor'>,
  clock: Clock,
  isLocal: boolean,
): Promise<void> {
  const checks = await Promise.all(checksOf(clock(), isLocal).map(looked))
  const lines = checks.flatMap(({ name, findings: found }) =>
    found.length === 0
      ? [`ok     ${name}`]
      : found.map(({ wrong, todo }) => `wrong  ${name}: ${wrong}\n       ${todo}`),
  )
  print(json, { checks }, () => `${lines.join('\n')}\n`)
  const count = checks.flatMap((check) => check.findings).length
  if (count > 0) throw new Problem(count === 1 ? 'One thing is wrong.' : `${count} things are wrong.`, 1)
}
