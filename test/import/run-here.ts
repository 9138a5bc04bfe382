/** Runs `latchkey import` in this process, whose environment is that of the stack it started. */
import { readArguments } from '../../cli/arguments.ts'
import { importCommand } from '../../cli/commands/import.ts'
import { Problem } from '../../cli/problem.ts'

export interface RanHere {
  readonly code: number
  readonly stdout: string
  /** The sentence that the command line would end with. */
  readonly problem: string
}

export async function importHere(words: readonly string[]): Promise<RanHere> {
  const said: string[] = []
  const write = process.stdout.write
  // The stack's own log lines, which are JSON, go the same way.
  process.stdout.write = ((text: string) =>
    text.startsWith('{"level"') || said.push(text) > 0) as typeof write
  try {
    await importCommand(readArguments('import', words), Date.now, true)
    return { code: 0, stdout: said.join(''), problem: '' }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { code: error.exitCode, stdout: said.join(''), problem: error.message }
  } finally {
    process.stdout.write = write
  }
}
