/** How a sorted list of words is written: each as a capital letter, which says how many characters it shares with the word
 * before (A: none), and the rest of it. Without imports: the pages use it too. */

export const sharedNone = 65
export const sharedMost = 25

function sharedLength(a: string, b: string): number {
  let length = 0
  while (length < sharedMost && length < a.length && a[length] === b[length]) length += 1
  return length
}

/** @param words without capital letters, sorted */
export const frontCode = (words: readonly string[]): string =>
  words
    .map((word, index) => {
      const shared = sharedLength(words[index - 1] ?? '', word)
      return String.fromCharCode(sharedNone + shared) + word.slice(shared)
    })
    .join('')
