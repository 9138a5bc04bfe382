/** The little statistics that the figures need. */

const ascending = (values: readonly number[]) => values.toSorted((a, b) => a - b)

/**
 * @param share 0 to 1
 * @returns the value below which that share of the values lies, between two of them by their distance; NaN of none
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = ascending(values)
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}

/** The middle value; half-way between the two middle ones of an even number. */
export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** @returns `median (lower quartile to upper quartile)` of a measure, with `digits` decimals */
export function spread(values: readonly number[], digits = 1): string {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(values, share).toFixed(digits))
  return `${middle} (${low} to ${high})`
}

/**
 * Mann-Whitney: how likely a value of `first` is above one of `second`, ties counting half. 0.5 when nothing tells them
 * apart, 0 or 1 when everything does. Its standard error for n values each is about sqrt(1 / (6 n)).
 */
export function auc(first: readonly number[], second: readonly number[]): number {
  const marked = [
    ...first.map((value) => ({ value, isFirst: true })),
    ...second.map((value) => ({ value, isFirst: false })),
  ].sort((a, b) => a.value - b.value)
  let rankSum = 0
  for (let start = 0; start < marked.length; ) {
    let end = start
    while (marked[end]?.value === marked[start]?.value && end < marked.length) end += 1
    const tied = marked.slice(start, end)
    const meanRank = (start + 1 + end) / 2
    rankSum += meanRank * tied.filter(({ isFirst }) => isFirst).length
    start = end
  }
  const smallestSum = (first.length * (first.length + 1)) / 2
  return (rankSum - smallestSum) / (first.length * second.length)
}
