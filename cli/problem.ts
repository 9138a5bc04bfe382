/** What ends a command early, with the sentence that tells why and the exit code. */
export class Problem extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode: number) {
    super(message)
    this.name = 'Problem'
    this.exitCode = exitCode
  }
}

/** The command line itself is not right. */
export const usage = (message: string, command?: string) =>
  new Problem(
    `${message}\nRun "latchkey ${command === undefined ? '' : `${command} `}--help" for ${command === undefined ? 'the commands' : 'how it is used'}.`,
    2,
  )
