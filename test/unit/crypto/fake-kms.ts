/** KMS at the SDK's edge, and the settings that the code under test reads. */
import { createHmac } from 'node:crypto'
import { GenerateMacCommand, KMSClient, VerifyMacCommand } from '@aws-sdk/client-kms'
import { mockClient } from 'aws-sdk-client-mock'
import { afterAll } from 'vitest'
import { useSettings } from '#test/support/environment.ts'

/** Takes the place of KMS until the file's tests are done. To be called as the file is read. */
export function fakeKms() {
  useSettings({
    KEY_CODE_DERIVE: 'key-derive',
    KEY_CODE: 'key-code',
    KEY_CODE_COVER: 'key-cover',
    KEY_LINK: 'key-link',
    KEY_CREDENTIAL: 'key-credential',
    KEY_PSEUDONYM: 'key-pseudonym',
    KEY_CHECKPOINT: 'key-checkpoint',
  })
  const kms = mockClient(KMSClient)
  afterAll(() => kms.restore())
  const macOf = (keyId: string, message: Uint8Array) =>
    createHmac('sha256', `secret of ${keyId}`).update(message).digest()
  return {
    kms,
    /** Forgets the calls made so far; from now on answers as KMS would with a key of its own for each key id. */
    answer(): void {
      kms.reset()
      kms
        .on(GenerateMacCommand)
        .callsFake(async ({ KeyId, Message }) => ({ KeyId, Mac: macOf(KeyId, Message) }))
      kms.on(VerifyMacCommand).callsFake(async ({ KeyId, Message, Mac }) => {
        if (macOf(KeyId, Message).equals(Mac)) return { KeyId, MacValid: true }
        throw Object.assign(new Error('The MAC is invalid'), { name: 'KMSInvalidMacException' })
      })
    },
    /** Inputs of the calls that judged a MAC since `answer`. */
    judged: () => kms.commandCalls(VerifyMacCommand).map((call) => call.args[0].input),
    /** Inputs of the calls that made one. */
    calls: () => kms.commandCalls(GenerateMacCommand).map((call) => call.args[0].input),
  }
}
