/** Searches texts for secrets, in every form in which a program may have written them. */

/** Bytes before it in a text that was encoded as a whole shift a secret within its base64. */
const shifts = [0, 1, 2] as const

/** What a value looks like within base64, wherever it stands: the characters that no neighbour has a part in. */
function inBase64(bytes: Buffer, encoding: 'base64' | 'base64url'): string[] {
  return shifts.map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString(encoding)
      .replaceAll('=', '')
    const first = Math.ceil((shift * 4) / 3)
    const whole = Math.floor(((shift + bytes.length) * 8) / 6)
    return text.slice(first, whole)
  })
}

const escapedAll = (value: string) =>
  value.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Forms that give a value away: clear, base64 at each offset, base64url, hex, URL and JSON. */
export function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value)
  const json = JSON.stringify(value).slice(1, -1)
  return [
    ...new Set([
      value,
      json,
      escapedAll(json),
      JSON.stringify(json).slice(1, -1),
      encodeURIComponent(value),
      new URLSearchParams([['', value]]).toString().slice(1),
      ...inBase64(bytes, 'base64'),
      ...inBase64(bytes, 'base64url'),
      bytes.toString('hex'),
      bytes.toString('hex').toUpperCase(),
    ]),
  ]
}

const sixDigits = /^[0-9]{6}$/

/** Six digits may stand within a longer number or a random id by chance: they count where they stand alone. */
function holds(text: string, value: string, form: string): boolean {
  if (!sixDigits.test(value)) return text.includes(form)
  const alone = `(?<![0-9A-Za-z+/._-])${form}(?![0-9A-Za-z+/._-])`
  // Of base64 only the offset of a value encoded by itself can be told from chance.
  if (form !== value && form.length < 8) return false
  return new RegExp(alone).test(text)
}

export type Places = Readonly<Record<string, string>>

/** @returns `what in place` for each secret that is found, in the form it was found in */
export function leaksIn(places: Places, secrets: Iterable<string>): string[] {
  const searched = [...secrets].map((value) => ({ value, forms: formsOf(value) }))
  return Object.entries(places).flatMap(([place, text]) =>
    searched.flatMap(({ value, forms }) => {
      const form = forms.find((each) => holds(text, value, each))
      return form === undefined ? [] : [`${value} in ${place}, as ${form}`]
    }),
  )
}
