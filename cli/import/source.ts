/** What is known of a system whose exports are taken as they are. */

export type Fields = Readonly<Record<string, unknown>>

/** What Firebase's hashes need beside themselves. */
export interface FirebaseHashes {
  readonly signerKey: string
  readonly saltSeparator: string
  readonly rounds: number
  readonly memoryCost: number
}

/** What hashes need beside themselves, from `--hash-config`: the one or the other. */
export interface HashConfig {
  readonly firebase?: FirebaseHashes
  /** Behind each password that bcrypt was given, in base64url. */
  readonly pepper?: string
}

export interface Source {
  /** The people in a document of JSON, where it is no plain list. */
  readonly listOf?: (document: unknown) => readonly unknown[] | undefined
  /** Names of the columns, for exports in CSV that have no header. */
  readonly columns?: readonly string[]
  /** Its CSV leaves quotes in a cell as they are. */
  readonly looseCsv?: true
  /** Its hashes are worth nothing without a `--hash-config` of Firebase. */
  readonly needsHashConfig?: true
  /**
   * A record as fields of ours, unchecked.
   * @returns undefined for a record that is no person who could sign in
   */
  readonly map: (record: Fields, hashConfig: HashConfig | undefined) => Fields | undefined
}
