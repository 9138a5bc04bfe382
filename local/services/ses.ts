/** SES version 1 on the wire: SendEmail into the inbox. */
import type { Inbox } from './inbox.ts'
import { identifyAction, listOf, parseForm, type Result, refusal, success } from './query-protocol.ts'
import { ownValue, type Service, ServiceError } from './wire.ts'

const namespace = 'http://ses.amazonaws.com/doc/2010-12-01/'
/** Seven bits, as SES demands: a domain in other letters goes as Punycode. */
const addressShape = /^(?=\p{ASCII}*$)[^\s@<>,]+@[^\s@<>,]+$/u

/**
 * @param sender the one verified identity, `no-reply@example.com` or `Name <no-reply@example.com>`.
 * @param configurationSet the one that there is
 */
export function createSes(inbox: Inbox, sender: string, configurationSet?: string): Service {
  const verified = bareAddress(sender)
  return {
    name: 'ses',
    identify: identifyAction,
    perform(request) {
      const form = parseForm(request)
      const action = form.get('Action') ?? ''
      const told = ownValue(about(form, verified), action)
      if (told !== undefined) return success(namespace, action, told)
      if (action !== 'SendEmail') {
        throw new ServiceError(400, 'InvalidAction', `The local SES does not know ${action}.`)
      }
      const source = bareAddress(form.get('Source') ?? '')
      if (source !== verified) throw unverified(source)
      return success(namespace, action, { MessageId: sendEmail(form, inbox, configurationSet) })
    },
    refuse: (error) => refusal(namespace, error),
    broken: new ServiceError(
      500,
      'InternalFailure',
      'The request processing has failed because of an unknown error.',
    ),
    denied: [403, 'AccessDenied'],
    throttled: new ServiceError(400, 'Throttling', 'Maximum sending rate exceeded.'),
  }
}

/** What an account out of the sandbox with one verified identity is told of itself. */
const about = (
  form: URLSearchParams,
  verified: string,
): Readonly<Record<string, Record<string, Result>>> => ({
  GetSendQuota: { Max24HourSend: '50000', MaxSendRate: '14', SentLast24Hours: '0' },
  GetIdentityVerificationAttributes: {
    VerificationAttributes: Object.fromEntries(
      listOf(form, 'Identities.member')
        .filter((identity) => identity === verified)
        .map((identity) => [identity, { VerificationStatus: 'Success' }]),
    ),
  },
})

/** One inbox message per recipient; the id of the first stands for all, as SES gives one. */
function sendEmail(form: URLSearchParams, inbox: Inbox, known: string | undefined): string {
  const recipients = ['To', 'Cc', 'Bcc'].flatMap((kind) =>
    listOf(form, `Destination.${kind}Addresses.member`),
  )
  const subject = form.get('Message.Subject.Data')
  const text = form.get('Message.Body.Text.Data')
  const html = form.get('Message.Body.Html.Data')
  if (recipients.length === 0) throw invalid('Missing required field Destination')
  if (subject === null) throw invalid('Missing required field Message.Subject.Data')
  if (text === null && html === null) throw invalid('Missing required field Message.Body')
  const replyTo = listOf(form, 'ReplyToAddresses.member')
  const bad = [...recipients, ...replyTo].find((recipient) => !addressShape.test(bareAddress(recipient)))
  if (bad !== undefined) throw invalid('Invalid email address')
  const configurationSet = form.get('ConfigurationSetName')
  if (configurationSet !== null && configurationSet !== known) {
    throw new ServiceError(
      400,
      'ConfigurationSetDoesNotExist',
      `Configuration set <${configurationSet}> does not exist.`,
    )
  }
  const sent = recipients.map((recipient) =>
    inbox.add({
      channel: 'email',
      to: bareAddress(recipient),
      subject,
      text: text ?? '',
      html,
      ...(replyTo.length > 0 && { replyTo: replyTo.join(', ') }),
      ...(configurationSet !== null && { configurationSet }),
    }),
  )
  return sent[0]?.id ?? ''
}

/** The address in `Name <address>`, with the domain in lower case. */
function bareAddress(text: string): string {
  const address = /<([^<>]*)>\s*$/.exec(text)?.[1] ?? text.trim()
  const at = address.lastIndexOf('@')
  return address.slice(0, at) + address.slice(at).toLowerCase()
}

function invalid(message: string): ServiceError {
  return new ServiceError(400, 'InvalidParameterValue', message)
}

function unverified(source: string): ServiceError {
  const message = `Email address is not verified. The following identities failed the check in region US-EAST-1: ${source}`
  return new ServiceError(400, 'MessageRejected', message)
}
