/** What the proof needs to know of an attack. */

/** Text that stands exactly once in the file, and what takes its place. */
export interface Edit {
  readonly file: string
  readonly search: string
  readonly replace: string
}

export interface TestName {
  readonly file: string
  /** As it stands in the source, placeholders of `test.each` included. */
  readonly title: string
}

export interface Attack {
  /** What the attacker does. */
  readonly name: string
  /** What the naive version gets wrong. */
  readonly naive: string
  readonly edits: readonly Edit[]
  readonly tests: readonly TestName[]
}
