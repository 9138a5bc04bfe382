/** Lambda's event filtering, as far as our patterns go: exact values and `exists`, on leaves. */
import type { FilterPattern, FilterRule } from '#shared/event-sources.ts'

/** @returns whether any one of the patterns may match a deletion. */
export function wantsRemovals(patterns: readonly FilterPattern[]): boolean {
  return patterns.some(({ eventName }) => eventName === undefined || matches({ eventName }, removal))
}

const removal = { eventName: 'REMOVE' }

/** @returns whether the record matches any one of the patterns. */
export function matchesAny(patterns: readonly FilterPattern[], record: unknown): boolean {
  return patterns.some((pattern) => matches(pattern, record))
}

function matches(pattern: FilterPattern, value: unknown): boolean {
  return Object.entries(pattern).every(([key, part]) => {
    const inner = memberOf(value, key)
    return isRules(part) ? part.some((rule) => holds(rule, inner)) : matches(part, inner)
  })
}

const isRules = (part: FilterPattern | readonly FilterRule[]): part is readonly FilterRule[] =>
  Array.isArray(part)

const holds = (rule: FilterRule, value: unknown) =>
  typeof rule === 'string' ? value === rule : (value !== undefined) === rule.exists

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as Record<string, unknown>)[key]
}
