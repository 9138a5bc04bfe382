/** What goes wrong in a recovery, in each of them, in each language, on both sizes; each ends with the new secret at work. */
import { describe, expect, test } from 'vitest'
import type { TestIdentity } from '#test/support/world.ts'
import { everyVisitor, fixture } from './support/fixture.ts'
import { toVerifyPin, verifyPin } from './support/people.ts'
import { type Recovery, recoveries } from './support/recoveries.ts'
import { otherThan, type Visit } from './support/visit.ts'

const given = fixture()

const cases = recoveries.flatMap((recovery) =>
  everyVisitor.map((visitor) => ({
    recovery,
    visitor,
    name: `${recovery.name}, ${visitor.catalogue.locale}, ${visitor.size.width} px`,
  })),
)

/** Signs in with what is new: the password itself, or the PIN beside a confirmed phone. */
async function useFresh(visit: Visit, recovery: Recovery, person: TestIdentity, secret = recovery.fresh) {
  const { account, signIn } = visit.texts
  await visit.at(recovery.texts(visit).done)
  await visit.follow(signIn.title)
  await visit.at(signIn.title)
  const isPin = recovery.name === 'PIN'
  await visit.signIn({ email: person.email, password: isPin ? person.password : secret })
  await visit.at(account.title)
  if (!isPin) return
  await toVerifyPin(visit, person.phone)
  await verifyPin(visit, secret)
  await visit.sees(account.pinRight)
}

const firstBox = ({ page }: Visit) => page.locator('input[name=code-1]')

/** Types a wrong code and waits for the answer. */
async function guessWrong(visit: Visit, recovery: Recovery, wrong: string): Promise<void> {
  const answered = visit.page.waitForResponse((response) => response.request().method() === 'POST')
  await recovery.tryCode(visit, wrong)
  await answered
  await visit.page.locator('.panel .error:not(:empty)').waitFor()
}

describe.each(cases)('$name', ({ recovery, visitor }) => {
  const begin = async () => {
    const visit = await given.visit(visitor)
    const person = await recovery.person(given.world)
    const code = () => given.world.lastCode(recovery.address(person))
    return { visit, person, code }
  }
  const finish = async (visit: Visit, person: TestIdentity, code: string) => {
    await visit.typeCode(code)
    await recovery.choose(visit, recovery.fresh)
    await useFresh(visit, recovery, person)
  }
  /** Time passes for the service and for the page alike. */
  const pass = async (visit: Visit, seconds: number) => {
    await given.world.advance(seconds)
    await visit.page.clock.fastForward(seconds * 1000)
  }
  const askAgain = async (visit: Visit) => {
    await visit.press(visit.texts.auth.resendCode)
    await visit.page.locator('input[name=code-1]:focus').waitFor()
  }

  test('a wrong code costs a try, which is counted aloud, and the right one still works', async () => {
    const { visit, person, code } = await begin()
    await recovery.ask(visit, person)
    await guessWrong(visit, recovery, otherThan(await code()))
    await visit.sees(visit.errors.OTP_INVALID[0])
    const left = recovery.tries - 1
    const form = new Intl.PluralRules(visitor.catalogue.locale).select(left)
    const said = visit.texts.code.triesLeft[form]
    await visit.sees(said)
    if (said.includes('{{n}}')) expect(await visit.page.locator('.tries').innerText()).toContain(String(left))
    await finish(visit, person, await code())
  })

  test('an expired code is not sent, and a new one works', async () => {
    const { visit, person, code } = await begin()
    await visit.page.clock.install()
    await recovery.ask(visit, person)
    await code()
    await pass(visit, recovery.codeLifeSeconds + 1)
    await visit.sees(visit.texts.auth.codeExpired)
    expect(await firstBox(visit).isDisabled()).toBe(true)
    await askAgain(visit)
    await finish(visit, person, await code())
  })

  test('after the last try only a new code helps, and it does', async () => {
    const { visit, person, code } = await begin()
    await visit.page.clock.install()
    await recovery.ask(visit, person)
    const wrong = otherThan(await code())
    for (let tries = 0; tries < recovery.tries; tries += 1) await guessWrong(visit, recovery, wrong)
    await visit.sees(visit.texts.code.noTries)
    expect(await firstBox(visit).isDisabled()).toBe(true)
    await pass(visit, 61)
    await askAgain(visit)
    await finish(visit, person, await code())
  })

  test('a code is sent again after a minute, and only the new one works', async () => {
    const { visit, person, code } = await begin()
    await visit.page.clock.install()
    await recovery.ask(visit, person)
    const old = await code()
    const before = given.world.messages(recovery.address(person)).length
    await pass(visit, 61)
    await askAgain(visit)
    const latest = await code()
    expect(given.world.messages(recovery.address(person)).length).toBe(before + 1)
    if (old !== latest) {
      await guessWrong(visit, recovery, old)
      await visit.sees(visit.errors.OTP_INVALID[0])
    }
    await finish(visit, person, latest)
  })

  test('a weak secret and the old one are refused, and the code is not used up by that', async () => {
    const { visit, person, code } = await begin()
    await recovery.ask(visit, person)
    await visit.typeCode(await code())
    await recovery.choose(visit, recovery.weak)
    await visit.sees(recovery.texts(visit).weak)
    await recovery.choose(visit, recovery.old)
    await visit.sees(recovery.texts(visit).reused)
    await recovery.choose(visit, recovery.fresh)
    await useFresh(visit, recovery, person)
  })

  test('back leads to what was typed, and forward to the code that is on its way', async () => {
    const { visit, person, code } = await begin()
    await recovery.ask(visit, person)
    await visit.press(visit.texts.common.back)
    await visit.at(recovery.firstTitle(visit))
    expect(await recovery.typed(visit)).toBe(recovery.address(person))
    await visit.page.goForward()
    await firstBox(visit).waitFor()
    await finish(visit, person, await code())
  })

  test('a reload starts over, and takes the code that was sent already', async () => {
    const { visit, person, code } = await begin()
    await recovery.ask(visit, person)
    const sent = await code()
    await visit.page.reload()
    await visit.at(recovery.firstTitle(visit))
    await recovery.ask(visit, person)
    await visit.sees(visit.texts.code.sentBefore)
    expect(await code()).toBe(sent)
    await finish(visit, person, sent)
  })

  test('of two tabs the first to finish wins, and the other is told', async () => {
    const { visit, person, code } = await begin()
    await recovery.ask(visit, person)
    const old = await code()
    await visit.typeCode(old)
    if (recovery.name !== 'PIN') await visit.at(visit.texts.auth.resetPassword)
    await given.world.advance(61)
    const other = await given.visit(visitor)
    await recovery.ask(other, person)
    await other.typeCode(await code())
    await recovery.choose(other, recovery.fresh)
    await other.at(recovery.texts(other).done)
    await recovery.choose(visit, `${recovery.fresh.slice(0, -1)}9`)
    await visit.sees(recovery.texts(visit).overtaken)
    await useFresh(other, recovery, person)
  })

  test('a double click sends once', async () => {
    const { visit, person, code } = await begin()
    await recovery.ask(visit, person)
    const sent: string[] = []
    visit.page.on('request', (request) => {
      if (request.method() === 'POST') sent.push(new URL(request.url()).pathname)
    })
    await visit.typeCode(await code())
    // Each click is three at once, before any answer.
    await visit.page.evaluate(`document.addEventListener('click', ({ target, isTrusted }) => {
      if (isTrusted && target.type === 'submit') for (let more = 0; more < 2; more += 1) target.click()
    })`)
    await recovery.choose(visit, recovery.fresh)
    await visit.at(recovery.texts(visit).done)
    expect(sent.filter((path) => path === recovery.resetPath)).toHaveLength(1)
    await useFresh(visit, recovery, person)
  })
})
