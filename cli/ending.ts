/** What a command ends with when it fails: one sentence where it is a matter of use, and the exit code. */
import { Problem } from './problem.ts'
import { verdictOf } from './verdict.ts'

export interface Ending {
  readonly message: string
  readonly exitCode: number
}

const isFileError = (error: unknown): error is NodeJS.ErrnoException & { readonly path: string } =>
  error instanceof Error && 'path' in error && 'syscall' in error

/** Errors that say the path itself cannot be used, as opposed to a disk that is full. */
const unusablePath: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is no folder',
  EISDIR: 'is a folder',
}

/** A defect shows its stack; what can go wrong in use is a sentence. */
export async function endOf(caught: unknown): Promise<Ending> {
  const error = verdictOf(caught)
  if (error instanceof Problem) return { message: error.message, exitCode: error.exitCode }
  if (isFileError(error)) {
    const why = unusablePath[error.code ?? '']
    return why ? { message: `${error.path} ${why}.`, exitCode: 2 } : { message: error.message, exitCode: 1 }
  }
  const { awsSentence } = await import('./aws-errors.ts')
  const sentence = await awsSentence(error)
  if (sentence !== undefined) return { message: sentence, exitCode: 1 }
  const isOutage = error instanceof Error && error.name === 'Unavailable'
  return { message: isOutage ? error.message : String((error as Error)?.stack ?? error), exitCode: 1 }
}
