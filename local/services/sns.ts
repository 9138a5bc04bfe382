/** SNS on the wire: Publish to a phone number into the inbox. */
import type { Inbox } from './inbox.ts'
import { identifyAction, parseForm, type Result, refusal, success } from './query-protocol.ts'
import { ownValue, type Service, ServiceError } from './wire.ts'

const namespace = 'http://sns.amazonaws.com/doc/2010-03-31/'
/** SNS splits longer texts no further. */
const longestSmsBytes = 1600

/** What SNS takes as attributes of an SMS, and the shapes it insists on. */
const attributeShapes: Readonly<Record<string, RegExp>> = {
  'AWS.SNS.SMS.SenderID': /^(?=.*[A-Za-z])[A-Za-z0-9-]{1,11}$/,
  'AWS.SNS.SMS.SMSType': /^(Promotional|Transactional)$/,
  'AWS.SNS.SMS.MaxPrice': /^\d+(\.\d+)?$/,
  'AWS.MM.SMS.OriginationNumber': /^\+?\d{3,15}$/,
  'AWS.MM.SMS.EntityId': /^[A-Za-z0-9]{1,50}$/,
  'AWS.MM.SMS.TemplateId': /^[A-Za-z0-9]{1,50}$/,
}

/** What an account out of the sandbox is told of itself. */
const about: Readonly<Record<string, Record<string, Result>>> = {
  GetSMSSandboxAccountStatus: { IsInSandbox: 'false' },
  GetSMSAttributes: { attributes: { MonthlySpendLimit: '100' } },
}

export function createSns(inbox: Inbox): Service {
  return {
    name: 'sns',
    identify: identifyAction,
    perform(request) {
      const form = parseForm(request)
      const action = form.get('Action') ?? ''
      const told = ownValue(about, action)
      if (told !== undefined) return success(namespace, action, told)
      if (action !== 'Publish') {
        throw new ServiceError(400, 'InvalidAction', `The local SNS does not know ${action}.`)
      }
      return success(namespace, action, { MessageId: publish(form, inbox) })
    },
    refuse: (error) => refusal(namespace, error),
    broken: new ServiceError(500, 'InternalError', 'An internal service error occurred.'),
    denied: [403, 'AuthorizationError'],
    throttled: new ServiceError(400, 'Throttling', 'Rate exceeded'),
  }
}

function publish(form: URLSearchParams, inbox: Inbox): string {
  const phone = form.get('PhoneNumber')
  const text = form.get('Message') ?? ''
  if (phone === null || form.has('TopicArn') || form.has('TargetArn')) {
    throw invalid('PhoneNumber Reason: the local SNS publishes to phone numbers alone')
  }
  if (!/^\+[1-9]\d{6,14}$/.test(phone)) {
    throw invalid(`PhoneNumber Reason: ${phone} is not valid to publish to`)
  }
  if (text === '') throw invalid('Empty message')
  if (Buffer.byteLength(text) > longestSmsBytes) throw invalid('Message too long')
  checkAttributes(form)
  return inbox.add({ channel: 'sms', to: phone, subject: null, text, html: null }).id
}

function checkAttributes(form: URLSearchParams): void {
  for (let number = 1; form.has(`MessageAttributes.entry.${number}.Name`); number++) {
    const entry = `MessageAttributes.entry.${number}`
    const name = form.get(`${entry}.Name`) ?? ''
    const type = form.get(`${entry}.Value.DataType`)
    const value = form.get(`${entry}.Value.StringValue`) ?? ''
    const shape = ownValue(attributeShapes, name)
    // As SNS does: attributes it has no meaning for are no error.
    if (shape === undefined) continue
    if (type !== 'String' && type !== 'Number') throw badAttribute(name, 'Its data type must be String.')
    if (!shape.test(value)) throw badAttribute(name, 'Its value is not valid.')
  }
}

function invalid(message: string): ServiceError {
  return new ServiceError(400, 'InvalidParameter', `Invalid parameter: ${message}`)
}

function badAttribute(name: string, reason: string): ServiceError {
  return new ServiceError(
    400,
    'ParameterValueInvalid',
    `The message attribute '${name}' is not valid. ${reason}`,
  )
}
