/**
 * What is made from the environment: clients, settings, and what a process remembers of the tables and keys that they lead to.
 * Deployed, the environment never changes, so each is made once, as its module loads. A test, the local stack and the command line
 * put another environment in place and say so; then each is made anew when it is next asked for.
 */

let current = 0

/** To be called by whatever changes variables of `process.env` that clients or settings are made from. */
export function environmentChanged(): void {
  current += 1
}

/**
 * @param make called at once, so that a container pays for it while it starts; it may not fail for want of a variable
 * @returns what gives the thing made from the present environment, at the cost of comparing two numbers
 */
export function perEnvironment<T>(make: () => T): () => T {
  let made = make()
  let madeOf = current
  return () => {
    if (madeOf !== current) {
      made = make()
      madeOf = current
    }
    return made
  }
}
