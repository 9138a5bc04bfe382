/** What a command prints: words for people, or JSON for programs. */

/** @param words made only where they are wanted */
export function print(json: boolean, value: unknown, words: () => string): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : words())
}
