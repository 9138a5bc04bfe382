/** The stack in a process of its own: it moves its process's clock and sets its environment, which no test would like. */
import { senderIn } from '../local/sender-file.ts'
import { startStack } from '../local/stack.ts'
import type { ProcessOptions } from './process.ts'

/** What the process says once: where it serves, or why it does not. */
export type Said = { readonly url: string } | { readonly problem: string }

const say = (said: Said) => process.send?.(said)

/** Until it serves there is nothing to close: what it has started ends with it. */
let close = async (): Promise<void> => undefined
process.once('disconnect', () => void close().finally(() => process.exit()))

try {
  const { sender, ...options } = JSON.parse(process.argv[2] ?? '{}') as ProcessOptions
  const stack = await startStack({
    ...options,
    ...(sender !== undefined && { sender: await senderIn(sender, 'sender') }),
  })
  close = stack.close
  say({ url: stack.url })
} catch (error) {
  say({ problem: (error as Error).message })
  process.disconnect()
}
