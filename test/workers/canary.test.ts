/** The canary against the whole stack: its handler, over HTTP, with letters as SES puts them into a bucket. */
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { log } from '#shared/call/log.ts'
import { lettersPrefix } from '#shared/canary/letters.ts'
import { recover } from '#shared/canary/recovery.ts'
import { withFlow } from '#shared/contract/stops.ts'
import { canaryUserId } from '#shared/domain/canary.ts'
import { environmentChanged } from '#shared/per-environment.ts'
import { linesOf } from '#test/support/entries.ts'
import { useWorld } from '#test/support/use-world.ts'
import { handler } from '../../functions/watch/canary.ts'

const world = useWorld()
const email = 'canary@canary.example.com'
const bucket = 'latchkey-canary'
const settings = () => ({ CANARY_URL: world.url, CANARY_EMAIL: email })
let client: S3Client

beforeAll(() => {
  Object.assign(process.env, settings())
  environmentChanged()
  client = new S3Client({})
})
afterAll(() => {
  client.destroy()
  for (const name of Object.keys(settings())) delete process.env[name]
  environmentChanged()
})
afterEach(() => vi.restoreAllMocks())

/** What the receipt rule of SES does with each letter of the canary's. */
async function receiveWhile(
  work: Promise<void>,
  from = 'Latchkey <no-reply@latchkey.example>',
  forged: readonly string[] = [],
): Promise<void> {
  let done = false
  const ended = work.finally(() => {
    done = true
  })
  const received = new Set(world.messages(email).map(({ id }) => id))
  while (!done) {
    for (const { id, text } of world.messages(email)) {
      if (received.has(id)) continue
      received.add(id)
      const others = forged.map((said, place) => [`0-${place}-${id}`, said] as const)
      for (const [name, said] of [...others, [id, text] as const]) {
        const body = [`From: ${from}`, 'Content-Type: text/plain; charset=UTF-8', '', said].join('\r\n')
        await client.send(
          new PutObjectCommand({ Bucket: bucket, Key: `${lettersPrefix}${name}`, Body: body }),
        )
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await ended
}

/** The lines of a run. */
async function run(forged: readonly string[] = []): Promise<unknown[]> {
  const said: unknown[] = []
  vi.spyOn(log, 'info').mockImplementation(
    (...line) => void (String(line[0]).startsWith('canary') && said.push(line)),
  )
  vi.spyOn(log, 'error').mockImplementation((...line) => void said.push(line))
  await receiveWhile(handler(), undefined, forged)
  return said
}

describe('the canary', () => {
  test('registers itself, recovers by the letter that arrives, signs in and out, and says that it is proved', async () => {
    expect(await run()).toEqual([['canary_proved', { mailSeconds: expect.any(Number) }]])
    await world.idle()
    const lines = await linesOf(world, canaryUserId)
    expect(lines).toEqual([
      ...['CODE_REQUESTED success', 'CODE_SENT success', 'CODE_VERIFIED success'],
      ...['PASSWORD_RESET success', 'LOGIN success', 'LOGOUT success this_session'],
    ])
  })

  test('does so again a quarter of an hour later, as the same person', async () => {
    await world.advance(900)
    expect(await run()).toEqual([['canary_proved', { mailSeconds: expect.any(Number) }]])
    await world.idle()
    expect((await linesOf(world, canaryUserId)).filter((line) => line.startsWith('IDENTITY'))).toEqual([])
  })

  test('goes on where somebody writes to its mailbox in our name, with a code of theirs', async () => {
    await world.advance(900)
    expect(await run(['Your code is 000001.'])).toEqual([
      ['canary_proved', { mailSeconds: expect.any(Number) }],
    ])
  })

  test('goes on where they use up all tries that whoever knows the address has, with references of their own too', async () => {
    await world.advance(900)
    const forged = Array.from({ length: 12 }, (_none, place) => `Your code is 0000${place + 10} (ref CDFG).`)
    expect(await run(forged)).toEqual([['canary_proved', { mailSeconds: expect.any(Number) }]])
  })

  test('says at which step it failed, and what was answered there', async () => {
    expect(await run(), 'asked again at once').toEqual([
      ['canary_failed', { step: 'ask', status: 429, code: 'RESEND_TOO_SOON' }],
    ])
    await world.advance(900)
    world.stack.services.stops.change(withFlow([], 'password-email', true))
    expect(await run(), 'stopped').toEqual([
      ['canary_failed', { step: 'ask', status: 503, code: 'UNAVAILABLE' }],
    ])
    world.stack.services.stops.clear()
  })

  test('says that no letter came, and takes none from anybody else for it', async () => {
    await world.advance(900)
    const canary = { url: world.url, email, bucket, sender: 'no-reply@latchkey.example' }
    let outcome: unknown
    const recovering = recover(canary, { waitSeconds: 2, pauseSeconds: 1 }).then((ended) => {
      outcome = ended
    })
    await receiveWhile(recovering, 'Somebody <x@example.net>')
    expect(outcome).toEqual({ proved: false, step: 'letter' })
  })

  test('an API that cannot be reached is told as such', async () => {
    process.env['CANARY_URL'] = 'http://127.0.0.1:9'
    environmentChanged()
    expect(await run()).toEqual([['canary_failed', expect.objectContaining({ step: 'network' })]])
    Object.assign(process.env, settings())
    environmentChanged()
  })
})
