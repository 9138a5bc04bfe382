/** One of Lambda's execution environments, as a process: loads a bundle once, then takes one event at a time. */
import { pathToFileURL } from 'node:url'
import { type Handler, type Invocation, invoke } from '../runtime.ts'

/** What the process is sent; it goes through JSON, as events of Lambda do. */
export interface Ask {
  readonly event: unknown
  readonly invocation: Invocation
}

/** What it answers. Peak memory is that of the process so far, in KiB; the times are those of the event. */
export interface Answer {
  readonly result?: unknown
  readonly error?: { readonly name: string; readonly message: string; readonly stack: string | undefined }
  readonly peakKb: number
  readonly ms: number
  readonly cpuMs: number
}

const { handler } = (await import(pathToFileURL(process.argv[2] ?? '').href)) as { handler: Handler }

async function answer({ event, invocation }: Ask): Promise<Answer> {
  const start = performance.now()
  const cpuBefore = process.cpuUsage()
  const facts = () => {
    const { user, system } = process.cpuUsage(cpuBefore)
    const cpuMs = (user + system) / 1000
    return { peakKb: process.resourceUsage().maxRSS, ms: performance.now() - start, cpuMs }
  }
  try {
    const result = await invoke(handler, event, invocation)
    return { result, ...facts() }
  } catch (thrown) {
    const { name, message, stack } = thrown as Error
    return { error: { name, message, stack }, ...facts() }
  }
}

process.once('disconnect', () => process.exit(0))
process.on('message', (ask: Ask) => {
  void answer(ask).then((said) => process.send?.(said))
})
