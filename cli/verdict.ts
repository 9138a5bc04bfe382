/** What a command says of a failure that lies in what it reads, and the exit code. */
import { Tampered, Unusable } from '#shared/ledger/findings.ts'
import { Problem } from './problem.ts'

/** The finding on stdout, a sentence on stderr. @returns the Problem that ends the command, or the error itself when it is none. */
export function verdictOf(error: unknown): unknown {
  if (error instanceof Tampered) {
    process.stdout.write(`${error.message}\n`)
    return new Problem(`This does not verify: ${error.where}.`, 1)
  }
  return error instanceof Unusable ? new Problem(`${error.message}.`, 2) : error
}

/** For commands that write no file. @returns the Problem where a file cannot be read, or the error itself. */
export const unreadable = (error: unknown): unknown =>
  error instanceof Error && 'code' in error && 'path' in error
    ? new Problem(`${String(error.path)} cannot be read (${String(error.code)}).`, 2)
    : error
