/** The first line of an import file in CSV: which column is which. */
import { plain } from '#shared/words/plain.ts'
import { Problem } from '../problem.ts'
import { nameKey } from './fields.ts'
import type { Source } from './source.ts'

const csvColumns = [
  'userId',
  'email',
  'username',
  'phone',
  'locale',
  'passwordHash',
  'mfaEnabled',
  'status',
  'consentDocument',
  'consentVersion',
] as const

/** An address, a hash or a number, none of which names a column. Nothing of it is shown: it may be somebody's hash. */
const isValue = (name: string) => /@|^\$|^\+?[0-9]{6,}$/.test(name)

/** @throws Problem for a file whose first line is a person, or that has the line ends of old Macs */
function refuseNoHeader(names: readonly string[]): void {
  if (names.some((name) => name.includes('\r')))
    throw new Problem('The lines of the file end as on old Macs (CR alone): save it as "CSV UTF-8".', 2)
  if (names.some(isValue))
    throw new Problem(
      'The first line of the file is a person and no header: export it with the names of the columns (phpMyAdmin: "Put columns names in the first row"), or write them above.',
      2,
    )
}

const listed = (names: readonly string[]) => plain(names.join(', '))

/** A column that stands there twice would be read by chance. @throws Problem */
function refuseTwice(names: readonly string[]): void {
  const keys = names.map(nameKey)
  const twice = names.filter((name, place) => name !== '' && keys.indexOf(nameKey(name)) !== place)
  if (twice.length > 0)
    throw new Problem(`The file has more than one column ${listed(twice)}: take all but one out.`, 2)
}

/** Columns of ours, however they are spelled. @throws Problem when they are none of ours */
function ourColumns(names: readonly string[], ignoreUnknown: boolean): readonly string[] {
  const known = new Map<string, string>(csvColumns.map((name) => [nameKey(name), name]))
  const columns = names.map((name) => known.get(nameKey(name)) ?? name)
  const unknown = columns.filter((name) => !csvColumns.includes(name as never))
  const problems = [
    ...(columns.includes('userId') ? [] : ['needs a column userId']),
    ...(unknown.length === 0 || ignoreUnknown
      ? []
      : [
          `does not know the column${unknown.length > 1 ? 's' : ''} ${listed(unknown)} (--ignore-unknown passes over them)`,
        ]),
  ]
  if (problems.length > 0)
    throw new Problem(`The import ${problems.join(', and ')}. Columns: ${csvColumns.join(', ')}.`, 2)
  return columns
}

/**
 * @returns the columns, or undefined where the system writes none and the first line is a person
 * @throws Problem when they cannot be used
 */
export function columnsOf(
  names: readonly string[],
  { source, ignoreUnknown }: { readonly source: Source | undefined; readonly ignoreUnknown: boolean },
): readonly string[] | undefined {
  const usual = new Set(source?.columns?.map(nameKey))
  if (usual.size > 0 && !names.some((name) => usual.has(nameKey(name)))) return undefined
  refuseNoHeader(names)
  refuseTwice(names)
  return source === undefined ? ourColumns(names, ignoreUnknown) : names
}
