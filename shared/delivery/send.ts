/** Hands a message to SES or SNS. */
import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses'
import { type MessageAttributeValue, PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { clientOptions, lean } from '../aws/client.ts'
import type { Channel } from '../contract/flows.ts'
import { countryOf } from '../contract/schemas.ts'
import { codeText, templateOf } from '../contract/sms-registrations.ts'
import { type CodeMessage, composeEmail, composeSms, type NoticeMessage } from '../messages/compose.ts'
import { messageLanguage } from '../messages/languages.ts'
import { perEnvironment } from '../per-environment.ts'
import { settings } from '../settings.ts'

const ses = perEnvironment(() => lean(new SESClient(clientOptions)))
const sns = perEnvironment(() => lean(new SNSClient(clientOptions)))

const utf8 = (data: string) => ({ Data: data, Charset: 'UTF-8' })
const text = (value: string): MessageAttributeValue => ({ DataType: 'String', StringValue: value })

/** What a country's networks are told of the sender, and which registered text they are to compare with. */
function senderAttributes(
  phone: string,
  message: CodeMessage | NoticeMessage,
  language: string,
): Record<string, MessageAttributeValue> {
  const sender = settings().SMS_SENDERS[countryOf(phone) ?? ''] ?? {}
  const key = message.template === 'code' ? codeText(message.purpose) : message.template
  const templateId = templateOf(sender, key, language)
  return {
    'AWS.SNS.SMS.SMSType': text('Transactional'),
    ...(sender.senderId && { 'AWS.SNS.SMS.SenderID': text(sender.senderId) }),
    ...(sender.entityId && { 'AWS.MM.SMS.EntityId': text(sender.entityId) }),
    ...(templateId && { 'AWS.MM.SMS.TemplateId': text(templateId) }),
  }
}

/**
 * Sends a message in the person's language.
 * @param address on a stored identity, never what a caller typed
 * @throws what SES or SNS answered; the message may have gone all the same
 */
export async function send(
  channel: Channel,
  address: string,
  message: CodeMessage | NoticeMessage,
  locale: string,
): Promise<void> {
  const { PRODUCT, ORIGIN, DEFAULT_LOCALE, EMAIL_FROM } = settings()
  const context = { locale, product: PRODUCT, host: new URL(ORIGIN).hostname, defaultLocale: DEFAULT_LOCALE }
  if (channel === 'sms') {
    const Message = composeSms(message, context)
    const MessageAttributes = senderAttributes(address, message, messageLanguage(context))
    await sns().send(new PublishCommand({ PhoneNumber: address, Message, MessageAttributes }))
    return
  }
  const email = composeEmail(message, context)
  await ses().send(
    new SendEmailCommand({
      Source: EMAIL_FROM,
      Destination: { ToAddresses: [address] },
      Message: { Subject: utf8(email.subject), Body: { Text: utf8(email.text), Html: utf8(email.html) } },
    }),
  )
}
