/** What `npm test` does a part of, and `npm run prove -- whole-tests` whole (ADR 0095). */
const { WHOLE_TESTS, SAMPLE_SEED = '0' } = process.env

const isWhole = WHOLE_TESTS === 'yes'

/** How many, or how often: as few as show it, or as many as find what is rare. */
export const sized = (few: number, many: number): number => (isWhole ? many : few)

/** How to see today's part again; for the message of whatever fails on a part. */
export const thisSample = isWhole ? 'whole' : `SAMPLE_SEED=${SAMPLE_SEED}`

/**
 * So many of a list, in a row that goes on each day where it ended the day before: after a few days each was in one.
 * @param shift starts elsewhere, so that lists of equal length do not leave out the same ones
 */
export function sampleOf<T>(all: readonly T[], count: number, shift = 0): readonly T[] {
  if (isWhole || all.length <= count) return all
  const from = Number(SAMPLE_SEED) * count + shift
  return Array.from({ length: count }, (_, place) => all[(from + place) % all.length] as T)
}
