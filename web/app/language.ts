/** How the pages speak a language. The choice stands in the address (`?lang=ar`), so nothing is stored. */
import type { Catalogue } from '../texts/catalogue.ts'

export type Values = Readonly<Record<string, string | number>>

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/

/** Keeps the order of a value's parts, whatever stands around it: addresses and numbers run from left to right. */
const isolated = (value: string) => `${rightToLeft.test(value) ? '\u2067' : '\u2066'}${value}\u2069`

/** Fills in `{{name}}`; from right to left each value is isolated. */
export function fill({ direction }: Catalogue, text: string, values: Values): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = String(values[name] ?? '')
    return direction === 'rtl' ? isolated(value) : value
  })
}

/** The text for a number, by the language's own plurals. */
export function plural(
  { locale }: Catalogue,
  forms: Readonly<Record<Intl.LDMLPluralRule, string>>,
  count: number,
): string {
  return forms[count === 0 ? 'zero' : new Intl.PluralRules(locale).select(count)]
}

/** Digits that every keyboard has, whatever the language. */
const latinDigits = ({ locale }: Catalogue) => `${locale}-u-nu-latn`

/** Day and time, short. @param time ISO 8601, or epoch ms */
export function dateTime(catalogue: Catalogue, time: string | number): string {
  const format = new Intl.DateTimeFormat(latinDigits(catalogue), { dateStyle: 'medium', timeStyle: 'short' })
  return format.format(new Date(time))
}

/** What a language is called in another one. @returns undefined for what is no language's tag */
export function nameOf({ locale }: Catalogue, tag: string): string | undefined {
  try {
    return new Intl.DisplayNames(locale, { type: 'language', fallback: 'none' }).of(tag)
  } catch {
    return undefined
  }
}

const startOfDay = (time: number) => new Date(time).setHours(0, 0, 0, 0)

/** `tomorrow at 14:30`; a date where it is later than that. @param time epoch ms */
export function dayAndTime(catalogue: Catalogue, time: number): string {
  const days = Math.round((startOfDay(time) - startOfDay(Date.now())) / 86_400_000)
  if (days > 1) return dateTime(catalogue, time)
  const locale = latinDigits(catalogue)
  const day = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day')
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(time)
  return fill(catalogue, catalogue.texts.common.dayAtTime, { day, time: clock })
}
