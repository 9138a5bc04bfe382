/** A service that Latchkey needs did not answer. The edge turns it into 503 `UNAVAILABLE`. */
export class Unavailable extends Error {
  readonly retryAfterSeconds = 1

  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'Unavailable'
  }
}
