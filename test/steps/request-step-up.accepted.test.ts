/** Asking for a code in a session. */
import { expect, test } from 'vitest'
import { storyOf } from '#test/support/entries.ts'
import { answerOf, signIn } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

test.each([undefined, {}])(
  'a session gets a code by SMS, with the mask of the stored phone (body: %j)',
  async (body) => {
    const identity = await world.identity()
    const token = await signIn(world, identity)
    const reply = await world.post('/api/auth/step-up/request', body, { token, ip: newIp() })
    expect(answerOf(reply)).toBe('200')
    expect(reply.body.data).toEqual({
      flowId: expect.stringMatching(/^[\w-]{22}$/),
      expiresInSeconds: 300,
      resendAfterSeconds: 60,
      maskedPhone: `+20****${identity.phone.slice(-4)}`,
    })
    await world.idle()
    const messages = world.messages(identity.phone)
    expect(messages).toHaveLength(1)
    expect(messages[0]).toMatchObject({ channel: 'sms' })
    expect(messages[0]?.text).toMatch(
      /sign-in code \(ref [A-Z3-9]{4}\)\. Valid for 5 minutes\. Never share it/,
    )
    expect(await storyOf(world, identity.userId)).toEqual([
      'IDENTITY_CREATED success',
      'LOGIN success',
      'CODE_REQUESTED success',
      'CODE_SENT success',
    ])
  },
)
