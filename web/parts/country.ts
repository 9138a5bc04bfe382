/** A country that people have phones of, and a number as it is dialled there. Pure. */

export interface Country {
  /** ISO 3166 alpha-2. */
  readonly id: string
  readonly calling: string
  /** What stands before a number at home; empty where nothing does. */
  readonly prefix: string
  /** A number without any of it; empty where a number at home cannot be taken. */
  readonly national: string
}

/** @param row as the build makes it: `EG:20:0:1001234567` */
export function readCountry(row: string): Country {
  const [id = '', calling = '', prefix = '', national = ''] = row.split(':')
  return { id, calling, prefix, national }
}

/** Of a country that one of the languages is spoken in, as the browser has it set; else the first. */
export const likelyCountry = (
  countries: readonly Country[],
  languages: readonly string[],
): Country | undefined =>
  languages
    .map((language) => countries.find(({ id }) => language.toUpperCase().split('-').includes(id, 1)))
    .find((country) => country !== undefined) ?? countries[0]

/** A number to show: as it is typed at home, else as it begins abroad. */
export const exampleOf = ({ calling, prefix, national }: Country): string =>
  national === '' ? `+${calling}\u2026` : prefix + national

/** @param digits ASCII digits, without a `+` @returns them in E.164 */
export function withCallingCode(digits: string, { calling, prefix, national }: Country): string {
  if (national === '') return digits
  // Copied from where the `+` was left out.
  if (digits.length === calling.length + national.length && digits.startsWith(calling)) return `+${digits}`
  return `+${calling}${digits.startsWith(prefix) ? digits.slice(prefix.length) : digits}`
}
