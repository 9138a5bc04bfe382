/** What a verifying command says of a failure: the finding on stdout, a sentence on stderr, and the exit code. */
import { Tampered, Unusable } from '#shared/ledger/findings.ts'
import { Problem } from './problem.ts'

/** @returns the Problem that ends the command, or the error itself when it is a defect. */
export function verdictOf(error: unknown): unknown {
  if (error instanceof Tampered) {
    process.stdout.write(`${error.message}\n`)
    return new Problem(`This does not verify: ${error.where}.`, 1)
  }
  if (error instanceof Unusable) return new Problem(`${error.message}.`, 2)
  if (error instanceof Error && 'code' in error && 'path' in error)
    return new Problem(`${String(error.path)} cannot be read (${String(error.code)}).`, 2)
  return error
}
