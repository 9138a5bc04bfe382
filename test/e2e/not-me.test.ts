import { describe, expect, test } from 'vitest'
import { lastToken } from '#test/support/not-me.ts'
import { fixture, visitors } from './support/fixture.ts'
import { askByEmail, choosePassword, freshPassword, proveByEmail } from './support/people.ts'

const given = fixture()

/** Somebody whose password was reset, with the token of the message about it. */
async function afterReset() {
  const identity = await given.world.identity()
  const thief = await given.visit()
  await proveByEmail(thief, identity.email)
  await choosePassword(thief, freshPassword)
  await thief.at(thief.texts.auth.passwordResetSuccess)
  return { ...identity, token: await lastToken(given.world, identity.email) }
}

describe.each(visitors)('$catalogue.locale, $size.width px', (visitor) => {
  test('a change is disowned by a press, and not by opening the link', async () => {
    const { email, token } = await afterReset()
    const visit = await given.visit(visitor)
    const { notMe, signIn } = visit.texts
    const sent: string[] = []
    visit.page.on('request', (request) => {
      if (request.method() !== 'GET') sent.push(new URL(request.url()).pathname)
      expect(request.url()).not.toContain(token)
    })
    await visit.open(`/not-me#${token}`)
    await visit.at(notMe.title)
    const left = await visit.page.evaluate('[location.href, document.title, JSON.stringify(history.state)]')
    expect(String(left)).not.toContain(token)
    expect(sent).toEqual([])
    await visit.press(notMe.submit)
    await visit.at(notMe.doneTitle)
    await visit.sees(notMe.passwordDisabled)
    expect(sent).toEqual(['/api/recovery/not-me'])
    await visit.page.goBack().catch(() => null)
    expect(visit.page.url()).not.toContain(token)
    await visit.open('/sign-in')
    await visit.signIn({ email, password: freshPassword })
    await visit.sees(visit.errors.CREDENTIALS_INVALID[0])
    await visit.at(signIn.title)
  })

  test('a link works once; without one the page says where it is', async () => {
    const { token } = await afterReset()
    const visit = await given.visit(visitor)
    const { notMe } = visit.texts
    await visit.open(`/not-me#${token}`)
    await visit.button(notMe.submit).dblclick()
    await visit.at(notMe.doneTitle)
    const again = await given.visit(visitor)
    await again.open(`/not-me#${token}`)
    await again.press(notMe.submit)
    await again.sees(notMe.linkOver)
    // No button is left that could only fail again.
    expect(await again.button(notMe.submit).count()).toBe(0)
    await again.page.reload()
    await again.sees(notMe.needsLink)
    await again.open('/not-me#not-a-token')
    await again.press(notMe.submit)
    await again.sees(notMe.linkOver)
  })
})

test('a second link opened in the same tab is the one that counts', async () => {
  const { token } = await afterReset()
  const visit = await given.visit()
  const { notMe } = visit.texts
  await visit.open('/not-me#an-older-one')
  await visit.at(notMe.title)
  await visit.page.evaluate(`location.hash = ${JSON.stringify(token)}`)
  await visit.page.waitForURL(/\/not-me$/)
  await visit.press(notMe.submit)
  await visit.at(notMe.doneTitle)
})

test('while resets are paused, asking for a code looks as ever', async () => {
  const { email, token } = await afterReset()
  const visit = await given.visit()
  const { notMe } = visit.texts
  await visit.open(`/not-me#${token}`)
  await visit.press(notMe.submit)
  await visit.at(notMe.doneTitle)
  await given.world.advance(61)
  await askByEmail(visit, email)
})

test('an address that is no page’s says so and leads on', async () => {
  const visit = await given.visit()
  const { notFound, signIn } = visit.texts
  await visit.open('/404')
  await visit.at(notFound.title)
  await visit.follow(signIn.title)
  await visit.at(signIn.title)
})
