import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageRejected, SendEmailCommand } from '@aws-sdk/client-ses'
import {
  InvalidParameterException,
  InvalidParameterValueException,
  PublishCommand,
} from '@aws-sdk/client-sns'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { messagesKept, openInbox } from '#local/services/inbox.ts'
import { type Services, startServices } from '#local/services/index.ts'
import { type Clients, clientsOf } from './clients.ts'

let services: Services
let clients: Clients
beforeAll(async () => {
  const EMAIL_FROM = 'Door <no-reply@door.example>'
  services = await startServices({ settings: { EMAIL_FROM, EMAIL_CONFIGURATION_SET: 'door-mails' } })
  clients = clientsOf(services)
})
afterAll(() => services.close())

const email = (Source: string, to: string) =>
  new SendEmailCommand({
    Source,
    Destination: { ToAddresses: [to] },
    Message: {
      Subject: { Data: 'Your code & more', Charset: 'UTF-8' },
      Body: { Text: { Data: 'رمزك 123456\n+ 100%' }, Html: { Data: '<p dir="rtl">رمزك</p>' } },
    },
  })
const attribute = (StringValue: string) => ({ DataType: 'String', StringValue })

test('an email is in the inbox with its parts as they were sent', async () => {
  const { MessageId } = await clients.ses.send(email('Door <no-reply@door.example>', 'a@example.com'))
  expect(services.inbox.messages('a@example.com')).toEqual([
    {
      id: MessageId,
      channel: 'email',
      to: 'a@example.com',
      subject: 'Your code & more',
      text: 'رمزك 123456\n+ 100%',
      html: '<p dir="rtl">رمزك</p>',
      sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    },
  ])
})

test('an email keeps where replies go and the set it was sent under; a set that is not there is refused', async () => {
  const { input } = email('no-reply@door.example', 'r@example.com')
  const sendUnder = (ConfigurationSetName: string, ...ReplyToAddresses: string[]) =>
    clients.ses.send(new SendEmailCommand({ ...input, ConfigurationSetName, ReplyToAddresses }))
  await sendUnder('door-mails', 'Help <help@door.example>')
  expect(services.inbox.messages('r@example.com')).toMatchObject([
    { replyTo: 'Help <help@door.example>', configurationSet: 'door-mails' },
  ])
  await expect(sendUnder('others')).rejects.toThrow('Configuration set <others> does not exist')
  await expect(sendUnder('door-mails', 'nobody')).rejects.toThrow('Invalid email address')
  expect(services.inbox.messages('r@example.com')).toHaveLength(1)
})

test('an unverified sender is rejected and nothing is sent', async () => {
  await expect(clients.ses.send(email('no-reply@elsewhere.example', 'b@example.com'))).rejects.toThrow(
    MessageRejected,
  )
  expect(services.inbox.messages('b@example.com')).toEqual([])
})

test.each(['jürgen@example.com', 'a@bücher.example'])('%s is no address for SES', async (to) => {
  await expect(clients.ses.send(email('no-reply@door.example', to))).rejects.toThrow('Invalid email address')
  expect(services.inbox.messages(to)).toEqual([])
})

test('an SMS is in the inbox, without subject or HTML', async () => {
  const { MessageId } = await clients.sns.send(
    new PublishCommand({
      PhoneNumber: '+919876543210',
      Message: 'Code 123456\n@door.example #123456',
      MessageAttributes: {
        'AWS.SNS.SMS.SenderID': attribute('LTCHKY'),
        'AWS.SNS.SMS.SMSType': attribute('Transactional'),
        'AWS.MM.SMS.EntityId': attribute('1101000000000000001'),
        'AWS.MM.SMS.TemplateId': attribute('1107000000000000001'),
        'AWS.MM.SMS.OriginationNumber': attribute('+18005550100'),
      },
    }),
  )
  expect(services.inbox.messages('+919876543210')).toMatchObject([
    { id: MessageId, channel: 'sms', subject: null, html: null, text: 'Code 123456\n@door.example #123456' },
  ])
})

test.each([
  ['a number that is not E.164', { PhoneNumber: '0123', Message: 'x' }],
  ['no number', { Message: 'x' }],
  ['a text over 1,600 bytes', { PhoneNumber: '+201001234567', Message: 'x'.repeat(1601) }],
])('SNS refuses %s', async (_name, input) => {
  await expect(clients.sns.send(new PublishCommand(input))).rejects.toThrow(InvalidParameterException)
})

test.each([
  ['AWS.SNS.SMS.SenderID', 'TWELVELETTER'],
  ['AWS.SNS.SMS.SMSType', 'Urgent'],
])('SNS refuses the attribute %s of value %s', async (name, value) => {
  const input = {
    PhoneNumber: '+201001234567',
    Message: 'x',
    MessageAttributes: { [name]: attribute(value) },
  }
  await expect(clients.sns.send(new PublishCommand(input))).rejects.toThrow(InvalidParameterValueException)
})

test('a kept inbox comes back whole after a kill in the middle of a line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'inbox-test-'))
  const file = join(folder, 'inbox.ndjson')
  const message = { channel: 'sms', to: '+201001234567', subject: null, text: 'one', html: null } as const
  openInbox(file).add(message)
  appendFileSync(file, '{"id":"half')
  openInbox(file).add({ ...message, text: 'two' })
  expect(
    openInbox(file)
      .messages()
      .map(({ text }) => text),
  ).toEqual(['one', 'two'])
  rmSync(folder, { recursive: true })
})

test('the newest messages are kept, under their addresses too', () => {
  const inbox = openInbox(undefined)
  const send = (to: string) => inbox.add({ channel: 'sms', to, subject: null, text: to, html: null })
  send('first')
  send('twice')
  for (let sent = 2; sent < messagesKept; sent += 1) send('others')
  const again = send('twice')
  expect(inbox.messages()).toHaveLength(messagesKept)
  expect(inbox.messages('first')).toEqual([])
  expect(inbox.messages('twice')).toHaveLength(2)
  send('others')
  expect(inbox.messages('twice')).toEqual([again])
})
