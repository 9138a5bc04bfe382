/** Hands a message to SES or SNS, or to the team's own sender. */
import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses'
import { type MessageAttributeValue, PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { clientOptions, lean } from '../aws/client.ts'
import type { Channel } from '../contract/flows.ts'
import { countryOf } from '../contract/phones.ts'
import { codeText, templateOf } from '../contract/sms-registrations.ts'
import { mailboxHeader } from '../domain/mailbox.ts'
import { type CodeMessage, composeEmail, composeSms, type NoticeMessage } from '../messages/compose.ts'
import { accentsOf } from '../messages/look.ts'
import { smsRules } from '../messages/sms-rules.ts'
import { perEnvironment } from '../per-environment.ts'
import { settings } from '../settings.ts'
import { ownTexts } from './own-texts.ts'
import { type HandedMessage, handTo } from './sender.ts'

const ses = perEnvironment(() => lean(new SESClient(clientOptions)))
const sns = perEnvironment(() => lean(new SNSClient(clientOptions)))

const utf8 = (data: string) => ({ Data: data, Charset: 'UTF-8' })
const text = (value: string): MessageAttributeValue => ({ DataType: 'String', StringValue: value })

type Content = CodeMessage | NoticeMessage

const textOf = (message: Content) =>
  message.template === 'code' ? codeText(message.purpose) : message.template

/** What of a message no channel changes. */
function handed(channel: Channel, to: string, message: Content, locale: string): Omit<HandedMessage, 'text'> {
  const own =
    message.template === 'code'
      ? { code: message.code, minutes: message.minutes, reference: message.ref }
      : { reference: message.reference }
  return { channel, to, locale, template: textOf(message), ...own }
}

/** What a country's networks are told of the sender, and which registered text they are to compare with. */
function senderAttributes(
  phone: string,
  message: Content,
  language: string,
): Record<string, MessageAttributeValue> {
  const sender = settings().SMS_SENDERS[countryOf(phone) ?? ''] ?? {}
  const templateId = templateOf(sender, textOf(message), language)
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
 * @throws what SES, SNS or the team's sender answered; the message may have gone all the same
 */
export async function send(
  channel: Channel,
  address: string,
  message: Content,
  locale: string,
): Promise<void> {
  const { PRODUCT, ORIGIN, DEFAULT_LOCALE, SENDER_SMS, SENDER_EMAIL } = settings()
  const { EMAIL_FROM, EMAIL_REPLY_TO, EMAIL_CONFIGURATION_SET, EMAIL_LOGO, EMAIL_ACCENT } = settings()
  const context = {
    locale,
    product: PRODUCT,
    host: new URL(ORIGIN).hostname,
    defaultLocale: DEFAULT_LOCALE,
    texts: ownTexts(),
  }
  if (channel === 'sms') {
    const language = smsRules(settings()).languageOf(locale, countryOf(address) ?? '')
    const Message = composeSms(message, { ...context, locale: language })
    if (SENDER_SMS !== undefined)
      return handTo(SENDER_SMS, { ...handed(channel, address, message, locale), text: Message })
    const MessageAttributes = senderAttributes(address, message, language)
    await sns().send(new PublishCommand({ PhoneNumber: address, Message, MessageAttributes }))
    return
  }
  const email = composeEmail(message, {
    ...context,
    accents: accentsOf(EMAIL_ACCENT),
    ...(EMAIL_LOGO !== undefined && { logo: EMAIL_LOGO }),
  })
  if (SENDER_EMAIL !== undefined)
    return handTo(SENDER_EMAIL, { ...handed(channel, address, message, locale), ...email })
  await ses().send(
    new SendEmailCommand({
      Source: mailboxHeader(EMAIL_FROM),
      Destination: { ToAddresses: [address] },
      Message: { Subject: utf8(email.subject), Body: { Text: utf8(email.text), Html: utf8(email.html) } },
      ...(EMAIL_REPLY_TO !== undefined && { ReplyToAddresses: [mailboxHeader(EMAIL_REPLY_TO)] }),
      ...(EMAIL_CONFIGURATION_SET !== undefined && { ConfigurationSetName: EMAIL_CONFIGURATION_SET }),
    }),
  )
}
