/** Mutants that may live, and why: no test could tell them from the code, or none should. */

export interface Accepted {
  readonly reason: string
  /** `file: mutator: original => replacement`, as the proof prints them. */
  readonly mutants: readonly string[]
}

export const accepted: readonly Accepted[] = []
