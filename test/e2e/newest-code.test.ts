/** A page that cannot know whether its code is the newest one: the newest one works, and no tries are counted. */
import { describe, expect, test } from 'vitest'
import { fixture, visitors } from './support/fixture.ts'
import { pinHolder } from './support/people.ts'
import { recoveries } from './support/recoveries.ts'
import { loseReply, otherThan, type Visit } from './support/visit.ts'

const given = fixture()

/** Until another code may be asked for. */
async function pass(visit: Visit): Promise<void> {
  await given.world.idle()
  await given.world.advance(61)
  await visit.page.clock.fastForward(61_000)
}

const tries = ({ page }: Visit) => page.locator('.tries').innerText()

describe.each(recoveries)('$name', (recovery) => {
  const begin = async () => {
    const visit = await given.visit()
    const person = await recovery.person(given.world)
    const code = () => given.world.lastCode(recovery.address(person))
    await visit.page.clock.install()
    await recovery.ask(visit, person)
    await code()
    await pass(visit)
    return { visit, person, code }
  }
  const useNewest = async (visit: Visit, code: string) => {
    await recovery.tryCode(visit, otherThan(code))
    await visit.sees(visit.errors.OTP_INVALID[0])
    expect(await tries(visit)).toBe('')
    await visit.typeCode(code)
    await recovery.choose(visit, recovery.fresh)
    await visit.at(recovery.texts(visit).done)
  }

  test('after a resend whose reply was lost', async () => {
    const { visit, code } = await begin()
    await loseReply(visit)
    await visit.press(visit.texts.auth.resendCode)
    await visit.sees(visit.errors.OFFLINE[0])
    await useNewest(visit, await code())
  })

  test('after one that another tab asked for', async () => {
    const { visit, person, code } = await begin()
    const other = await given.visit()
    await recovery.ask(other, person)
    const newest = await code()
    await visit.press(visit.texts.auth.resendCode)
    await visit.sees(visit.errors.RESEND_TOO_SOON[0])
    await useNewest(visit, newest)
  })

  test('after an expired code, and a resend whose reply was lost', async () => {
    const { visit, code } = await begin()
    await given.world.advance(recovery.codeLifeSeconds)
    await visit.page.clock.fastForward(recovery.codeLifeSeconds * 1000)
    await visit.sees(visit.texts.auth.codeExpired)
    await loseReply(visit)
    await visit.press(visit.texts.auth.resendCode)
    await visit.sees(visit.errors.OFFLINE[0])
    await useNewest(visit, await code())
  })
})

describe.each(visitors)('$catalogue.locale, $size.width px', (visitor) => {
  test('a phone is confirmed with the newest code, though the reply to asking for it was lost', async () => {
    const visit = await given.visit(visitor)
    const { account, auth, stepUp } = visit.texts
    const identity = await pinHolder(given.world, '284917')
    await visit.page.clock.install()
    await visit.signIn(identity)
    await visit.press(account.confirmFirst)
    await visit.press(stepUp.send)
    await visit.page.locator('input[name=code-1]').waitFor()
    await pass(visit)
    await loseReply(visit)
    await visit.press(auth.resendCode)
    await visit.sees(visit.errors.OFFLINE[0])
    await visit.typeCode(await given.world.lastCode(identity.phone))
    await visit.sees(stepUp.confirmed)
  })
})
