/** A child process that cannot outlive its parent, not even one that is killed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

export interface Running {
  /** Resolves with the reason once the process is gone. */
  readonly ended: Promise<string>
  close(): Promise<void>
}

/**
 * Waits for the end of its input, which comes even when the parent is killed, and then ends the engine.
 * $1 is the folder to remove afterwards (may be empty); the rest is the engine's command. Only the engine may write
 * to the parent: a shell that writes into a pipe nobody reads any more dies before it has cleaned up.
 */
const shellKeeper = `
exec 3<&0 4>&2 2>/dev/null; scratch=$1; shift
"$@" </dev/null 3<&- 2>&4 4>&- & engine=$!
exec 4>&-
( read -r _ <&3; kill -9 $engine ) & watch=$!
wait $engine; status=$?
kill $watch
[ -z "$scratch" ] || rm -rf -- "$scratch"
exit $status`

/** Windows has no such shell; elsewhere it is ready sooner than a second Node would be, and takes no memory. */
const keeperOn = (platform: NodeJS.Platform): readonly [program: string, ...words: string[]] =>
  platform === 'win32'
    ? [process.execPath, join(import.meta.dirname, 'keeper.ts')]
    : ['/bin/sh', '-c', shellKeeper, 'engine']

/**
 * Starts a program that ends with this process, however that ends.
 * @param scratch folder that goes with it, or an empty string.
 */
export function spawnKept(command: readonly string[], scratch: string, platform = process.platform): Running {
  const [program, ...words] = keeperOn(platform)
  // A group of its own: Ctrl-C in a terminal must reach the stack first, which still needs its database.
  const child = spawn(program, [...words, scratch, ...command], {
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
    windowsHide: true,
  })
  const ended = endOf(child)
  return {
    ended,
    async close() {
      child.stdin?.end()
      await ended
    },
  }
}

/** Never rejects. */
function endOf(child: ChildProcess): Promise<string> {
  let complaint = ''
  child.stdin?.on('error', () => undefined)
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-500)
  })
  const lastWords = () => complaint.trim().split('\n').at(-1) ?? ''
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code) => resolve(`it ended with code ${code}: ${lastWords()}`))
  })
}
