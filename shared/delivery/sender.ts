/** Hands a message to a Lambda of the team's, which sends it in its own way: WhatsApp, voice, a local aggregator. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { clientOptions, lean } from '../aws/client.ts'
import type { Channel } from '../contract/flows.ts'
import type { SmsText } from '../contract/sms-registrations.ts'
import { perEnvironment } from '../per-environment.ts'
import { policy } from '../policy.ts'

/** What a sender is invoked with. */
export interface HandedMessage {
  readonly channel: Channel
  /** The stored address: an email, or a phone in E.164. */
  readonly to: string
  /** The person's. */
  readonly locale: string
  /** Which text it is, as `latchkey sms-templates` names them, such as `code.password`. */
  readonly template: SmsText
  readonly code?: string
  /** The code's life. */
  readonly minutes?: number
  /** The whole message, for who does not word it by itself. */
  readonly text: string
  readonly subject?: string
  readonly html?: string
  /** As the message shows it: a code's four characters, or the reference of the entry that a notice tells of. */
  readonly reference: string
}

/**
 * One attempt of as long as SNS and SES get for all of theirs: behind it is a provider's network, and a second attempt while
 * the first still runs would be a second message.
 */
const client = perEnvironment(() =>
  lean(
    new LambdaClient({
      ...clientOptions,
      maxAttempts: 1,
      requestHandler: {
        ...clientOptions.requestHandler,
        requestTimeout: policy.callTimeoutMs * policy.callAttempts,
      },
    }),
  ),
)

/** The sender threw. What it said stays in its own log: it may hold the code. */
class SenderFailed extends Error {
  constructor() {
    super('The sender failed')
    this.name = 'SenderFailed'
  }
}

/**
 * @param sender name or ARN of the function
 * @throws what Lambda answered, or SenderFailed; the message may have gone all the same
 */
export async function handTo(sender: string, message: HandedMessage): Promise<void> {
  const Payload = JSON.stringify(message)
  const { FunctionError } = await client().send(new InvokeCommand({ FunctionName: sender, Payload }))
  if (FunctionError !== undefined) throw new SenderFailed()
}
