/** What a verifier says when something is wrong. */

/** The ledger is not what was sealed: which entry or checkpoint shows it, and how. */
export class Tampered extends Error {
  readonly where: string

  constructor(where: string, problem: string) {
    super(`${where}: ${problem}`)
    this.name = 'Tampered'
    this.where = where
  }
}

/** The input is no export at all, so nothing can be said of the ledger. */
export class Unusable extends Error {
  constructor(problem: string) {
    super(problem)
    this.name = 'Unusable'
  }
}
