/** Where an error was thrown, without a word of its message, which may quote what was read. */

/** A line of V8's that names a place: `    at name (file:///a.ts:1:2)`, `    at node:fs:1:2`. */
const frame = /^ {4}at (?:.*\(|async )?(?:file:\/\/|node:|\/|[A-Za-z]:\\).*:\d+:\d+\)?$/

/**
 * @returns the innermost frames, at most `most`. Lines of a message may look like frames, so it is cut off first; of a
 * stack that holds another message than the error has by now there are none, for nothing tells where that one ends.
 */
export function framesOf({ message, stack = '' }: Error, most: number): string[] {
  return behindMessage(message, stack)
    .split('\n')
    .slice(1)
    .filter((line) => frame.test(line))
    .slice(0, most)
    .map((line) => line.trim())
}

function behindMessage(message: string, stack: string): string {
  const [header = ''] = stack.split('\n', 1)
  // The error was made without a message: its first line is a name alone.
  if (/^[^:]*:?\s*$/.test(header)) return stack
  const at = message === '' ? -1 : stack.indexOf(message)
  return at === -1 ? '' : stack.slice(at + message.length)
}
