/** What SES is asked to send, by what the stage sets. */
import { SESClient, type SendEmailCommand } from '@aws-sdk/client-ses'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { applyEnvironment } from '#local/environment.ts'
import { send } from '#shared/delivery/send.ts'
import { useSettings } from '#test/support/environment.ts'

useSettings()
const sent: SendEmailCommand['input'][] = []
const { send: own } = SESClient.prototype
SESClient.prototype.send = ((command: SendEmailCommand) => {
  sent.push(command.input)
  return Promise.resolve({})
}) as typeof own
afterAll(() => {
  SESClient.prototype.send = own
})
beforeEach(() => void sent.splice(0))

const code = { template: 'code', code: '012345', ref: 'C3D4', minutes: 5, purpose: 'password' } as const

/** Sends a code with these settings beside the usual ones. */
async function sendWith(settings: Readonly<Record<string, string>>) {
  const back = applyEnvironment({ ...(process.env as Record<string, string>), ...settings })
  await send('email', 'kim@example.com', code, 'en').finally(back)
  return sent[0]
}

test('a mail names the configuration set and carries Reply-To where the stage has them', async () => {
  const settings = { EMAIL_CONFIGURATION_SET: 'team-mails', EMAIL_REPLY_TO: 'Help <help@acme.test>' }
  expect(await sendWith(settings)).toMatchObject({
    Destination: { ToAddresses: ['kim@example.com'] },
    ConfigurationSetName: 'team-mails',
    ReplyToAddresses: ['Help <help@acme.test>'],
  })
})

test('its sender is quoted or encoded as headers want it', async () => {
  const sent = await sendWith({
    EMAIL_FROM: 'Acme, Inc. <no@acme.test>',
    EMAIL_REPLY_TO: 'مساعدة <help@acme.test>',
  })
  expect(sent).toMatchObject({
    Source: '"Acme, Inc." <no@acme.test>',
    ReplyToAddresses: ['=?UTF-8?B?2YXYs9in2LnYr9ip?= <help@acme.test>'],
  })
})

test('and neither where it has none', async () => {
  expect(Object.keys((await sendWith({})) ?? {}).sort()).toEqual(['Destination', 'Message', 'Source'])
})
