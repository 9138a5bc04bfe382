/** Runs `latchkey` as a user does, beside the stack of this process. */
import { execFile } from 'node:child_process'
import { vi } from 'vitest'

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** @param environment replaces that of this process, which a stack has set to its services */
export function latchkey(words: readonly string[], environment: Record<string, string> = {}): Promise<Ran> {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
  const env = { PATH, NODE_COMPILE_CACHE, ...environment }
  return new Promise((resolve) => {
    execFile(process.execPath, ['cli/latchkey.js', ...words], { env }, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error ? -1 : 0
      resolve({ code, stdout, stderr })
    })
  })
}

/** The same in this process, which costs no start of another: for all that does not depend on the environment. */
export async function latchkeyHere(words: readonly string[]): Promise<Ran> {
  const { runCommandLine } = await import('../../cli/run.ts')
  const written = { stdout: '', stderr: '' }
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      // The stack is in this process too, and its functions log.
      if (!String(text).startsWith('{"level":')) written[name] += String(text)
      return true
    }),
  )
  try {
    const code = await runCommandLine(words, Date.now)
    return { code, ...written }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}
