/** States of the way to a new password by email. */
import { askByEmail, breachedPassword, choosePassword, freshPassword, proveByEmail } from './people.ts'
import { alert, fail, newAddress, type Reach } from './reach.ts'
import { otherThan, type Visit } from './visit.ts'

async function wrongCode(visit: Visit, times: number): Promise<void> {
  const { world, page, texts } = visit
  const { email } = await world.identity()
  await askByEmail(visit, email)
  const code = otherThan(await world.lastCode(email))
  for (let left = 4; left > 4 - times; left -= 1) {
    const answered = page.waitForResponse(/verify-password-reset-otp/)
    await visit.typeCode(code)
    await answered
    await page.locator('.panel .error:not(:empty)').waitFor()
    await page.getByRole('button', { name: texts.auth.verifyOTP }).waitFor()
  }
}

/** Another code was refused: on to the one in the mailbox. */
async function codeAtHand(visit: Visit): Promise<void> {
  await visit.open('/forgot-password')
  await fail(visit, 429, { code: 'RATE_LIMITED', message: '', retryAfterSeconds: 2_900 })
  await visit.type(visit.texts.forgot.identifier, newAddress())
  await visit.press(visit.texts.auth.sendResetLink)
  await visit.press(visit.texts.code.useAtHand)
  await visit.page.locator('input[name=ref]').waitFor()
}

export const emailStates: Record<string, Reach> = {
  'forgot-password': (visit) => visit.open('/forgot-password'),
  async 'forgot-password-invalid'(visit) {
    await visit.open('/forgot-password')
    await visit.type(visit.texts.forgot.identifier, 'no address@')
    await visit.press(visit.texts.auth.sendResetLink)
  },
  'forgot-password-code': (visit) => askByEmail(visit, newAddress()),
  'forgot-password-code-wrong': (visit) => wrongCode(visit, 1),
  'forgot-password-code-spent': (visit) => wrongCode(visit, 5),
  async 'forgot-password-code-expired'(visit) {
    await visit.page.clock.install()
    await askByEmail(visit, newAddress())
    await visit.page.clock.fastForward(301_000)
    await visit.sees(visit.texts.auth.codeExpired)
  },
  async 'forgot-password-code-resend-refused'(visit) {
    await visit.page.clock.install()
    await askByEmail(visit, newAddress())
    await visit.page.clock.fastForward(61_000)
    await fail(visit, 429, { code: 'RATE_LIMITED', message: '', retryAfterSeconds: 2_900 })
    await visit.press(visit.texts.auth.resendCode)
    await alert(visit)
  },
  async 'forgot-password-code-frozen'(visit) {
    await askByEmail(visit, newAddress())
    await fail(visit, 429, { code: 'TRIES_EXHAUSTED', message: '', retryAfterSeconds: 86_000 })
    await visit.typeCode('123456')
    await alert(visit)
  },
  async 'forgot-password-refused'(visit) {
    await visit.open('/forgot-password')
    await fail(visit, 429, { code: 'RATE_LIMITED', message: '', retryAfterSeconds: 2_900 })
    await visit.type(visit.texts.forgot.identifier, newAddress())
    await visit.press(visit.texts.auth.sendResetLink)
    await alert(visit)
  },
  async 'forgot-password-code-at-hand'(visit) {
    await codeAtHand(visit)
  },
  async 'forgot-password-code-at-hand-wrong'(visit) {
    await codeAtHand(visit)
    await visit.page.unroute(/\/api\/|\/auth\//)
    await visit.type(visit.texts.code.reference, 'k7')
    await visit.typeCode('123456')
    await visit.press(visit.texts.auth.verifyOTP)
    await visit.sees(visit.texts.code.referenceInvalid)
  },
  async 'forgot-password-code-used-up'(visit) {
    await askByEmail(visit, newAddress())
    await fail(visit, 429, { code: 'TRIES_EXHAUSTED', message: '', retryAfterSeconds: 42 })
    await visit.typeCode('123456')
    await visit.sees(visit.texts.code.usedUp)
  },
  async 'forgot-password-code-reference'(visit) {
    await askByEmail(visit, newAddress())
    await visit.press(visit.texts.code.notTaken)
  },
  async 'forgot-password-code-refused-often'(visit) {
    const { email } = await visit.world.identity()
    await proveByEmail(visit, email)
    await fail(visit, 429, { code: 'TRIES_EXHAUSTED', message: '', retryAfterSeconds: 42 })
    await choosePassword(visit, freshPassword)
    await visit.sees(visit.texts.code.refusedOften)
  },
  async 'forgot-password-code-earlier'(visit) {
    const email = newAddress()
    await askByEmail(visit, email)
    await askByEmail(visit, email)
  },
  async 'new-password'(visit) {
    const { email } = await visit.world.identity()
    await proveByEmail(visit, email)
  },
  async 'new-password-typing'(visit) {
    const { email } = await visit.world.identity()
    await proveByEmail(visit, email)
    const { auth } = visit.texts
    await visit.type(auth.newPassword, 'Harbour7')
    await visit.type(auth.confirmPassword, 'Harbour')
    await visit.press(auth.resetPassword)
  },
  async 'new-password-breached'(visit) {
    const { email } = await visit.world.identity()
    await proveByEmail(visit, email)
    await choosePassword(visit, breachedPassword)
    await alert(visit)
  },
  async 'new-password-too-late'(visit) {
    const { email } = await visit.world.identity()
    await proveByEmail(visit, email)
    await visit.world.advance(601)
    await choosePassword(visit, freshPassword)
    await alert(visit)
  },
  async 'new-password-done'(visit) {
    const { email } = await visit.world.identity()
    await proveByEmail(visit, email)
    await choosePassword(visit, freshPassword)
    await visit.at(visit.texts.auth.passwordResetSuccess)
  },
}
