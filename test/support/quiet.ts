/** Keeps the functions' log, a line a request, out of the test report. A test of the log puts its own writer in front. */
const done = Symbol.for('latchkey.quiet')

// Read once a file, but the files of a worker share its streams.
for (const stream of [process.stdout, process.stderr] as (NodeJS.WriteStream & { [done]?: true })[]) {
  if (stream[done]) continue
  stream[done] = true
  const write = stream.write.bind(stream) as (...given: unknown[]) => boolean
  stream.write = ((chunk: unknown, ...rest: unknown[]) =>
    typeof chunk === 'string' && chunk.startsWith('{"level":')
      ? true
      : write(chunk, ...rest)) as typeof stream.write
}
