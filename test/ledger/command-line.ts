/** Runs `latchkey` beside the stack of this process: in a process of its own, as a user does, or in this one, where a start is not the point. */
import { execFile } from 'node:child_process'
import { runCommandLine } from '../../cli/run.ts'

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** @param environment replaces that of this process, which a stack has set to its services */
export function latchkeyProcess(
  words: readonly string[],
  environment: Record<string, string> = {},
): Promise<Ran> {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
  const env = { PATH, NODE_COMPILE_CACHE, ...environment }
  return new Promise((resolve) => {
    execFile(process.execPath, ['cli/latchkey.js', ...words], { env }, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error ? -1 : 0
      resolve({ code, stdout, stderr })
    })
  })
}

/** Keeps what a command writes; the functions' log, a line a request, goes its way. */
function listenTo(stream: NodeJS.WriteStream) {
  const { write } = stream
  let text = ''
  stream.write = ((chunk: unknown, ...rest: never[]) => {
    if (typeof chunk !== 'string' || chunk.startsWith('{"level":'))
      return Reflect.apply(write, stream, [chunk, ...rest])
    text += chunk
    return true
  }) as typeof stream.write
  return {
    said: () => text,
    end: () => {
      stream.write = write
    },
  }
}

/** The same command in this process: with no services but those of its own stack, and one at a time. */
export async function latchkey(words: readonly string[]): Promise<Ran> {
  const [out, err] = [listenTo(process.stdout), listenTo(process.stderr)]
  const code = await runCommandLine(words).finally(() => {
    out.end()
    err.end()
  })
  return { code, stdout: out.said(), stderr: err.said() }
}
