/**
 * SNS and SES themselves, through the hook: for a team that has to set at AWS what Latchkey has no setting for, here the number
 * that SMS come from. In its own account, Region and quota, if it likes.
 */
import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses'
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'

/** What is used of what Latchkey hands over; ../whatsapp/sender.ts has the rest. */
export interface Handed {
  readonly channel: 'email' | 'sms'
  /** A phone in E.164, or an email. */
  readonly to: string
  readonly text: string
  readonly subject?: string
  readonly html?: string
}

/** One attempt of five seconds: Latchkey waits nine, and tries again by itself with the same code. */
const options = { maxAttempts: 1, requestHandler: { requestTimeout: 5000 } }
const sns = new SNSClient(options)
const ses = new SESClient(options)

const text = (StringValue: string) => ({ DataType: 'String', StringValue })

/** @throws what SNS or SES answered; the message may have gone all the same */
export async function handler({ channel, to, text: said, subject = '', html = '' }: Handed): Promise<void> {
  const { ORIGINATION_NUMBER = '', EMAIL_FROM = '' } = process.env
  if (channel === 'sms') {
    const MessageAttributes = {
      'AWS.SNS.SMS.SMSType': text('Transactional'),
      'AWS.MM.SMS.OriginationNumber': text(ORIGINATION_NUMBER),
    }
    await sns.send(new PublishCommand({ PhoneNumber: to, Message: said, MessageAttributes }))
    return
  }
  const Body = { Text: { Data: said }, Html: { Data: html } }
  const Message = { Subject: { Data: subject }, Body }
  await ses.send(new SendEmailCommand({ Source: EMAIL_FROM, Destination: { ToAddresses: [to] }, Message }))
}

export default handler
