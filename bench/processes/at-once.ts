/** Does `count` things, so many of them at once. @returns how many a second were done */
export async function perSecond(
  count: number,
  atOnce: number,
  run: (index: number) => Promise<void>,
  end: () => Promise<void> = async () => undefined,
): Promise<number> {
  let next = 0
  const start = performance.now()
  const work = async () => {
    while (next < count) {
      next += 1
      await run(next - 1)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  await end()
  return count / ((performance.now() - start) / 1000)
}
