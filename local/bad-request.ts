/** What was asked for is not as it should be; the message says how, to the person who asked. */
export class BadRequest extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BadRequest'
  }
}
