/** What stands behind `latchkey import`. */
import { hash } from 'node:crypto'
import { statSync } from 'node:fs'
import { type CountryCode, isSupportedCountry } from 'libphonenumber-js/min'
import type { Given } from '../arguments.ts'
import { Problem, usage } from '../problem.ts'
import { isOptional, optionalFields } from './advice.ts'
import { digestOf } from './digest.ts'
import { refuseForeign } from './foreign-files.ts'
import { readHashConfig } from './hash-config.ts'
import type { RowOptions } from './rows.ts'
import { sources } from './sources.ts'

export interface ImportOptions {
  readonly file: string
  readonly isDryRun: boolean
  /** Tells what came of it as JSON. */
  readonly asJson: boolean
  /** Changes who is registered already. */
  readonly isUpdate: boolean
  readonly rows: Omit<RowOptions, 'loginFloorMs'>
  /** SHA-256 of the file's content, in hex. */
  readonly fileHash: string
  /** Names the content and how it is read. */
  readonly of: string
}

/** @throws Problem when there is no such file */
function refuseNoFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) throw new Problem(`${path} is not there.`, 2)
  if (!found.isFile()) throw new Problem(`${path} is no file.`, 2)
}

function sourceOf(name: string | undefined) {
  if (name === undefined) return undefined
  if (Object.hasOwn(sources, name)) return sources[name]
  throw usage(`--source: ${name} is not known. There are ${Object.keys(sources).join(', ')}.`)
}

function countryOf(code: string | undefined): CountryCode | undefined {
  const country = code?.toUpperCase()
  if (country === undefined || isSupportedCountry(country)) return country
  throw usage(`--country: ${code} is no country. It takes two letters, such as EG.`)
}

function leaveOutOf(lists: readonly string[] | undefined): readonly string[] {
  const fields = (lists ?? []).flatMap((list) => list.split(','))
  const wrong = fields.find((field) => !isOptional(field))
  if (wrong !== undefined)
    throw usage(`--leave-out: ${wrong} is no optional field. There are ${optionalFields.join(', ')}.`)
  return fields
}

/** @throws Problem when the command line, or a file that it names, cannot be used */
export function readImportOptions({ words, options, json }: Given<'import'>): ImportOptions {
  const [file] = words
  const source = sourceOf(options.source)
  const country = countryOf(options.country)
  const leaveOut = leaveOutOf(options['leave-out'])
  const configPath = options['hash-config']
  for (const path of [file, configPath]) if (path !== undefined) refuseNoFile(path)
  refuseForeign(file)
  const hashConfig = configPath === undefined ? undefined : readHashConfig(configPath)
  const withoutUnusableHashes = options['without-unusable-hashes'] === true
  if (source?.needsHashConfig && hashConfig?.firebase === undefined && !withoutUnusableHashes)
    throw usage(
      `--source ${options.source} needs --hash-config FILE, with what the console shows beside its hashes. Without it nobody's password is known: --without-unusable-hashes goes on like that.`,
    )
  const ignoreUnknown = options['ignore-unknown'] === true
  const isUpdate = options.update === true
  const fileHash = digestOf(file)
  const read = [options.source, country, leaveOut, hashConfig, ignoreUnknown, withoutUnusableHashes, isUpdate]
  const isUsual = read.every((each) => each === undefined || each === false || String(each) === '')
  return {
    file,
    isDryRun: options['dry-run'] === true,
    asJson: json,
    isUpdate,
    rows: { source, hashConfig, country, ignoreUnknown, withoutUnusableHashes, leaveOut },
    fileHash,
    // Hashed, since a signer key is among it.
    of: isUsual ? fileHash : hash('sha256', JSON.stringify([fileHash, ...read]), 'hex'),
  }
}
