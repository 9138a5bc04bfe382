/** Asking for a code: what an accepted request answers, sends and records. */
import { describe, expect, test } from 'vitest'
import { flowOf } from '#shared/contract/flows.ts'
import { linesOf } from '#test/support/entries.ts'
import { addressOf, passwordEmail, pinReset, recoveryFlows } from '#test/support/recovery.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const typedFlows = recoveryFlows.filter(({ id }) => id !== 'password-two-factor')

describe.each(typedFlows)('$id', (flow) => {
  const { codeLifeSeconds } = flowOf(flow.id)

  test('answers with the life, the wait and a mask, and sends one code to the stored address', async () => {
    const person = await world.identity()
    const reply = await world.post(flow.request, flow.typed(person), { ip: newIp() })
    expect(reply.status).toBe(200)
    const { success, message, data, ...rest } = reply.body
    expect({ success, rest }).toEqual({ success: true, rest: {} })
    expect(message).toBeTypeOf('string')
    const mask =
      flow.channel === 'email'
        ? { maskedEmail: `${person.email[0]}***@example.com` }
        : { maskedPhone: `+20****${person.phone.slice(-4)}` }
    expect(data).toEqual({
      flowId: expect.stringMatching(/^[\w-]{16,}$/),
      expiresInSeconds: codeLifeSeconds,
      resendAfterSeconds: 60,
      ...mask,
    })
    expect(await world.lastCode(addressOf(flow, person))).toMatch(/^[0-9]{6}$/)
    expect(world.messages(person.email).length + world.messages(person.phone).length).toBe(1)
    expect(await linesOf(world, person.userId)).toEqual(['CODE_REQUESTED success', 'CODE_SENT success'])
  })

  test('the message names purpose and life, says never to share it, and holds no link', async () => {
    const person = await world.identity()
    await world.post(flow.request, flow.typed(person), { ip: newIp() })
    await world.idle()
    const [message] = world.messages(addressOf(flow, person))
    expect(message?.text).toMatch(flow.secret === 'newPin' ? /PIN/ : /password/)
    expect(message?.text).toContain(`${codeLifeSeconds / 60} minutes`)
    expect(message?.text).toMatch(/never share/i)
    expect(`${message?.text} ${message?.html}`).not.toMatch(/https?:\/\/(?!www\.w3\.org)|href=/)
  })

  test('the same headers go with every reply', async () => {
    const reply = await world.post(flow.request, flow.typed(await world.identity()), { ip: newIp() })
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'x-request-id': expect.stringMatching(/.{8,}/),
    })
    expect(reply.headers.get('strict-transport-security')).toMatch(/max-age=\d{8}/)
    expect(reply.headers.has('retry-after')).toBe(false)
  })
})

describe('who is meant', () => {
  test('an unknown and a suspended subject get the reply of a known one, and no message', async () => {
    const active = await world.identity()
    const suspended = await world.identity({ status: 'suspended' })
    const shape = async (email: string) => {
      const { status, body, headers } = await world.post(passwordEmail.request, { email }, { ip: newIp() })
      const { flowId, ...data } = body.data
      expect(flowId).toMatch(/^[\w-]{16,}$/)
      return { status, body: { ...body, data }, names: [...headers.keys()].toSorted() }
    }
    const unknown = `${active.email[0]}-nobody@example.com`
    const [known, none, locked] = [
      await shape(active.email),
      await shape(unknown),
      await shape(suspended.email),
    ]
    expect({ ...none.body, data: { ...none.body.data, maskedEmail: '' } }).toEqual({
      ...known.body,
      data: { ...known.body.data, maskedEmail: '' },
    })
    expect([none.status, none.names]).toEqual([known.status, known.names])
    expect([locked.status, locked.names]).toEqual([known.status, known.names])
    await world.idle()
    expect(world.messages(unknown)).toEqual([])
    expect(world.messages(suspended.email)).toEqual([])
    expect(await linesOf(world, suspended.userId)).toEqual([
      'CODE_REQUESTED success',
      'CODE_NOT_SENT failure suspended',
    ])
  })

  test('the mask comes from what was typed, and a typed userId gives none', async () => {
    const person = await world.identity()
    const byPhone = await world.post(pinReset.request, { phone: '+919876500000' }, { ip: newIp() })
    expect(byPhone.body.data.maskedPhone).toBe('+91****0000')
    const byUserId = await world.post(pinReset.request, { userId: person.userId }, { ip: newIp() })
    expect(Object.keys(byUserId.body.data).toSorted()).toEqual([
      'expiresInSeconds',
      'flowId',
      'resendAfterSeconds',
    ])
    expect(await world.lastCode(person.phone)).toMatch(/^[0-9]{6}$/)
  })

  test('case, width and spaces of what was typed do not matter, and the code goes to the stored address', async () => {
    const person = await world.identity()
    const typed = ` ${person.email.toUpperCase().replace('EXAMPLE', 'ＥＸＡＭＰＬＥ')} `
    const reply = await world.post(passwordEmail.request, { email: typed }, { ip: newIp() })
    expect(reply.status).toBe(200)
    expect(await world.lastCode(person.email)).toMatch(/^[0-9]{6}$/)
  })

  test('a phone with spaces and brackets is the same phone', async () => {
    const person = await world.identity()
    const typed = `+20 (10) ${person.phone.slice(5)}`
    const reply = await world.post(pinReset.request, { phone: typed }, { ip: newIp() })
    expect(reply.status).toBe(200)
    expect(await world.lastCode(person.phone)).toMatch(/^[0-9]{6}$/)
  })

  test('an Arabic reader gets the code in Arabic', async () => {
    const person = await world.identity({ locale: 'ar' })
    await world.post(passwordEmail.request, { email: person.email }, { ip: newIp() })
    await world.post(pinReset.request, { phone: person.phone }, { ip: newIp() })
    await world.idle()
    expect(world.messages(person.email)[0]?.text).toMatch(/كلمة المرور[\s\S]*[0-9]{6}/)
    expect(world.messages(person.phone)[0]?.text).toMatch(/[0-9]{6}.*لا تشاركه أبدًا/)
  })

  test('a reader of Hindi gets it in Hindi, in India too where its texts are registered', async () => {
    const phone = `+9198${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`
    const person = await world.identity({ locale: 'hi-IN', phone })
    await world.post(passwordEmail.request, { email: person.email }, { ip: newIp() })
    await world.post(pinReset.request, { phone }, { ip: newIp() })
    await world.idle()
    expect(world.messages(person.email)[0]?.text).toMatch(/पासवर्ड[\s\S]*[0-9]{6}/)
    expect(world.messages(phone)[0]?.text).toMatch(/^[0-9]{6} .*PIN.*किसी को न बताएँ/)
  })
})
