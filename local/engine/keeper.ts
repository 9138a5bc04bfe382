/** Keeps a program, where there is no shell to do it: ends it with the process that started this one, however that ended. */
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'

const [scratch = '', program = '', ...words] = process.argv.slice(2)

function end(code: number): void {
  // Windows lets go of a program's files a moment after its end.
  if (scratch !== '') rmSync(scratch, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  process.exit(code)
}

const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'inherit'], windowsHide: true })
child.once('error', () => end(127))
child.once('exit', (code) => end(code ?? 1))
// The other end of the input is the starting process's alone, so it closes even when that is killed.
for (const event of ['end', 'close', 'error']) process.stdin.once(event, () => child.kill('SIGKILL'))
process.stdin.resume()
