/** What spreadsheets and databases make of a cell, taken back. */
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { objectOf } from './fields.ts'

/** Where there is nothing. */
const nothing = new Set(['NULL', '\\N'])

/**
 * The text of a cell of CSV: without spaces around, the formula that keeps a number from being rounded, and the apostrophe
 * that marks text, which exports put before each cell too (Auth0's), so that no spreadsheet takes it for a formula.
 */
export function cellText(cell: string): string {
  const text = cell.trim()
  if (nothing.has(text)) return ''
  const [, kept] = /^="(.*)"$/.exec(text) ?? []
  return kept ?? text.replace(/^'/, '')
}

/** A number that JavaScript holds whole is text as well. */
export const asText = (value: unknown): unknown =>
  typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value

/** Versions are often numbers. */
export function asConsent(value: unknown): unknown {
  const consent = objectOf(value)
  return consent !== undefined && 'version' in consent
    ? { ...consent, version: asText(consent['version']) }
    : value
}

export const trimmed = (value: unknown): unknown => (typeof value === 'string' ? value.trim() : value)

const flags = new Map<string, boolean>([
  ...['true', 't', 'yes', '1'].map((text) => [text, true] as const),
  ...['false', 'f', 'no', '0'].map((text) => [text, false] as const),
])
export const asFlag = (value: unknown): unknown =>
  typeof value === 'object' ? value : (flags.get(String(value).trim().toLowerCase()) ?? value)

export const asStatus = (value: unknown): unknown =>
  typeof value === 'string' ? value.trim().toLowerCase() : value

/** `en_US.UTF-8` of POSIX, `EN-us` of others. */
export const asLocale = (value: unknown): unknown =>
  typeof value === 'string'
    ? value
        .trim()
        .replace(/[.@].*$/, '')
        .replaceAll('_', '-')
        .replace(/^[A-Za-z]+/, (language) => language.toLowerCase())
    : value

/** As programs write a whole number in a column that has gaps; its nought would be one more digit. */
const withoutFraction = (text: string) => text.replace(/^(\s*\+?[0-9]{7,})\.0\s*$/, '$1')

/**
 * A number as it is dialled at home gets its country. What is more than one plain number is left to be refused: a parser that
 * looks for a number in a text takes the first of two.
 */
export function asPhone(value: unknown, country: CountryCode | undefined): unknown {
  const given = asText(value)
  if (typeof given !== 'string') return given
  const text = withoutFraction(given)
  if (country === undefined || !/^[0-9\s\p{Pd}()./]+$/u.test(text)) return text
  return parsePhoneNumberFromString(text, country)?.number ?? text
}

const roundedPattern = /^[0-9]+(?:[.,][0-9]+)?E\+?[0-9]+$/i
/** Whether a spreadsheet took the digits away. */
export const isRounded = (value: unknown): boolean =>
  typeof value !== 'object' && roundedPattern.test(String(value).trim())
