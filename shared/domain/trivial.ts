/** Shapes that a password must not have: one or a few characters over and over, or a run. Pure; the pages use it too. */

/** Keys side by side, which also go on from the last to the first: people type 90123456 and xyzabcde. */
const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '0123456789',
  '!@#$%^&*()',
  '`1234567890-=',
  // QWERTY, QWERTZ, AZERTY
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertyuiop[]\\',
  "asdfghjkl;'",
  'zxcvbnm,./',
  // With Shift held, and the digits' signs in Britain, Germany and France
  '~!@#$%^&*()_+',
  'qwertyuiop{}|',
  'asdfghjkl:"',
  'zxcvbnm<>?',
  '!"£$%^&*()',
  '!"§$%&/()=',
  '&é"\'(-è_çà)=',
  'qwertzuiop',
  'yxcvbnm',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn',
  // Arabic, Persian, Russian
  'ضصثقفغعهخحجد',
  'شسيبلاتنمكط',
  'ئءؤرلاىةوزظ',
  'ضصثقفغعهخحجچ',
  'شسیبلاتنمکگ',
  'ظطزرذدپو',
  'йцукенгшщзхъ',
  'фывапролджэ',
  'ячсмитьбю',
].map((row) => [...row])

/** Fewer characters are no pattern yet. */
const fewest = 4
const longestBlock = 4

/** A block of so many characters over and over, the last one perhaps cut off. */
const repeatsEvery = (points: readonly string[], size: number) =>
  points.length >= 2 * size && points.every((point, index) => index < size || point === points[index - size])

const steps = [1, -1] as const

/** From key to key of a row, in one direction, and over its end. */
function isRunOf(row: readonly string[], points: readonly string[]): boolean {
  const first = row.indexOf(points[0] ?? '')
  const keyAt = (place: number) => row.at(place % row.length)
  return (
    first >= 0 && steps.some((step) => points.every((point, index) => point === keyAt(first + step * index)))
  )
}

function isRunOfCodePoints(points: readonly string[]): boolean {
  const first = points[0]?.codePointAt(0) ?? 0
  return steps.some((step) => points.every((point, index) => point.codePointAt(0) === first + step * index))
}

/**
 * @param text in lower case, digits in ASCII
 * @returns whether it is one character repeated, a block of up to four repeated, or a run of code points or of a row of
 * keys, up or down
 */
export function isTrivial(text: string): boolean {
  const points = [...text]
  if (points.length < fewest) return false
  const sizes = Array.from({ length: longestBlock }, (_, index) => index + 1)
  return (
    sizes.some((size) => repeatsEvery(points, size)) ||
    isRunOfCodePoints(points) ||
    rows.some((row) => isRunOf(row, points))
  )
}
