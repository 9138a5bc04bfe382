/** Shapes that a password must not have: one or a few characters over and over, or a run. Pure; the pages use it too. */

/** Keys side by side, which also go on from the last to the first: people type 90123456 and xyzabcde. */
const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '0123456789',
  '1234567890',
  '!@#$%^&*()',
  '`1234567890-=',
  // QWERTY, QWERTZ, AZERTY
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertyuiop[]\\',
  "asdfghjkl;'",
  'zxcvbnm,./',
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

/** Each place is the one after the last, or each is the one before it. */
const goesOn = (places: readonly number[], length: number) =>
  [1, length - 1].some((step) =>
    places.every((place, index) => index === 0 || place === ((places[index - 1] ?? 0) + step) % length),
  )

const isRunOf = (row: readonly string[], points: readonly string[]) => {
  const places = points.map((point) => row.indexOf(point))
  return !places.includes(-1) && goesOn(places, row.length)
}

const codePoints = 0x110000
const isRun = (points: readonly string[]) =>
  goesOn(
    points.map((point) => point.codePointAt(0) ?? 0),
    codePoints,
  ) || rows.some((row) => isRunOf(row, points))

/**
 * @param text in lower case, digits in ASCII
 * @returns whether it is one character repeated, a block of up to four repeated, or a run of code points or of a row of
 * keys, up or down
 */
export function isTrivial(text: string): boolean {
  const points = [...text]
  if (points.length < fewest) return false
  const sizes = Array.from({ length: longestBlock }, (_, index) => index + 1)
  return sizes.some((size) => repeatsEvery(points, size)) || isRun(points)
}
