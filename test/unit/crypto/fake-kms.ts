/** KMS at the SDK's edge, and the settings that the code under test reads. */
import { createHmac } from 'node:crypto'
import { GenerateMacCommand, KMSClient, VerifyMacCommand } from '@aws-sdk/client-kms'
import { mockClient } from 'aws-sdk-client-mock'
import { tables } from '#shared/tables.ts'

Object.assign(process.env, {
  ...Object.fromEntries(Object.keys(tables).map((table) => [`TABLE_${table.toUpperCase()}`, table])),
  LEDGER_BUCKET: 'ledger',
  LEDGER_RETENTION_DAYS: '1',
  KEY_CODE_DERIVE: 'key-derive',
  KEY_CODE: 'key-code',
  KEY_LINK: 'key-link',
  KEY_CREDENTIAL: 'key-credential',
  KEY_PSEUDONYM: 'key-pseudonym',
  KEY_CHECKPOINT: 'key-checkpoint',
  ORIGIN: 'https://accounts.example.com',
  EMAIL_FROM: 'no-reply@example.com',
})

export const kms = mockClient(KMSClient)

/** Forgets the calls made so far; from now on answers as KMS would with a key of its own for each key id. */
export function answer(): void {
  kms.reset()
  const macOf = (keyId: string, message: Uint8Array) =>
    createHmac('sha256', `secret of ${keyId}`).update(message).digest()
  kms.on(GenerateMacCommand).callsFake(async ({ KeyId, Message }) => ({ KeyId, Mac: macOf(KeyId, Message) }))
  kms.on(VerifyMacCommand).callsFake(async ({ KeyId, Message, Mac }) => {
    if (macOf(KeyId, Message).equals(Mac)) return { KeyId, MacValid: true }
    throw Object.assign(new Error('The MAC is invalid'), { name: 'KMSInvalidMacException' })
  })
}

/** Inputs of the calls that judged a MAC since {@link answer}. */
export const judged = () => kms.commandCalls(VerifyMacCommand).map((call) => call.args[0].input)

/** Inputs of the calls that made one. */
export const calls = () => kms.commandCalls(GenerateMacCommand).map((call) => call.args[0].input)
