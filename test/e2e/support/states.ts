/** Every state of every page, and the way into it: what the accessibility test and the pictures go through. */
import { randomInt } from 'node:crypto'
import { lastToken } from '#test/support/not-me.ts'
import { emailStates } from './email-states.ts'
import {
  askByPhone,
  askForPin,
  choosePassword,
  choosePin,
  confirmPhone,
  freshPassword,
  pinHolder,
  proveByEmail,
  toVerifyPin,
  verifyPin,
} from './people.ts'
import { alert, fail, newNumber, type Reach } from './reach.ts'
import type { Visit } from './visit.ts'

const consent = { document: 'digital-identity-agreement', version: '1' }

async function toSetPin(visit: Visit, more: Record<string, unknown> = {}) {
  const identity = await visit.world.identity(more)
  await visit.open('/set-pin')
  await visit.at(visit.texts.signIn.title)
  await visit.signIn(identity)
  return identity
}

const signInStates: Record<string, Reach> = {
  'sign-in': (visit) => visit.open('/sign-in'),
  async 'sign-in-number'(visit) {
    await visit.open('/sign-in')
    await visit.type(visit.texts.signIn.identifier, '01001234567')
  },
  async 'sign-in-code-expired'(visit) {
    await visit.page.clock.install()
    await visit.signIn(await visit.world.identity({ mfaEnabled: true }))
    await visit.at(visit.texts.signIn.mfaTitle)
    await visit.page.clock.fastForward(301_000)
    await visit.sees(visit.texts.auth.codeExpired)
  },
  async 'sign-in-empty'(visit) {
    await visit.open('/sign-in')
    await visit.press(visit.texts.signIn.submit)
  },
  async 'sign-in-wrong'(visit) {
    await visit.signIn({ email: 'nobody@example.com', password: 'wrong' })
    await alert(visit)
  },
  async 'sign-in-limited'(visit) {
    await visit.open('/sign-in')
    await fail(visit, 429, { code: 'RATE_LIMITED', message: '', retryAfterSeconds: 754 })
    await visit.signIn({ email: 'priya@example.com', password: 'wrong' })
    await alert(visit)
  },
  async 'sign-in-locked'(visit) {
    await visit.open('/sign-in')
    await fail(visit, 429, { code: 'TRIES_EXHAUSTED', message: '', retryAfterSeconds: 86_400 })
    await visit.signIn({ email: 'priya@example.com', password: 'right' })
    await alert(visit)
  },
  async 'sign-in-unavailable'(visit) {
    await visit.open('/sign-in')
    await fail(visit, 503, { code: 'UNAVAILABLE', message: '', retryAfterSeconds: 30 })
    await visit.signIn({ email: 'priya@example.com', password: 'wrong' })
    await alert(visit)
  },
  async 'sign-in-offline'(visit) {
    await visit.open('/sign-in')
    await visit.context.setOffline(true)
    await visit.signIn({ email: 'priya@example.com', password: 'wrong' })
    await alert(visit)
  },
  async 'sign-in-code'(visit) {
    await visit.signIn(await visit.world.identity({ mfaEnabled: true }))
    await visit.at(visit.texts.signIn.mfaTitle)
  },
}

const phoneStates: Record<string, Reach> = {
  'phone-identifier': (visit) => visit.open('/forgot-password/phone'),
  async 'phone-number'(visit) {
    await visit.open('/forgot-password/phone')
    await visit.type(visit.texts.forgot.identifier, 'priyasharma')
    await visit.press(visit.texts.common.next)
  },
  async 'phone-mismatch'(visit) {
    await askByPhone(visit, 'priyasharma', '+919876543211')
    await alert(visit)
  },
  async 'phone-code'(visit) {
    const { username, phone } = await visit.world.identity()
    await askByPhone(visit, username, phone)
    await visit.at(visit.texts.auth.verifyOTP)
  },
  async 'phone-new-password'(visit) {
    const { username, phone } = await visit.world.identity()
    await askByPhone(visit, username, phone)
    await visit.at(visit.texts.auth.verifyOTP)
    await visit.typeCode(await visit.world.lastCode(phone))
    await visit.at(visit.texts.auth.resetPassword)
  },
}

const pinStates: Record<string, Reach> = {
  'reset-pin': (visit) => visit.open('/reset-pin'),
  async 'reset-pin-user-id'(visit) {
    await visit.open('/reset-pin')
    await visit.press(visit.texts.pin.useUserId)
    await visit.page.getByLabel(visit.texts.pin.userId, { exact: true }).waitFor()
  },
  'reset-pin-code': (visit) => askForPin(visit, newNumber()),
  async 'reset-pin-expired'(visit) {
    await visit.page.clock.install()
    await askForPin(visit, newNumber())
    await visit.page.clock.fastForward(301_000)
    await visit.sees(visit.texts.auth.codeExpired)
  },
  async 'reset-pin-trivial'(visit) {
    await askForPin(visit, newNumber())
    await visit.typeCode('482913')
    await choosePin(visit, '123456', visit.texts.pin.reset)
  },
  async 'reset-pin-reference'(visit) {
    await askForPin(visit, newNumber())
    await visit.press(visit.texts.code.notTaken)
  },
  async 'reset-pin-refused-often'(visit) {
    await askForPin(visit, newNumber())
    await visit.typeCode('482913')
    await fail(visit, 400, { code: 'PIN_REUSED', message: '' })
    await choosePin(visit, '730418', visit.texts.pin.reset)
    await visit.sees(visit.errors.PIN_REUSED[0])
    await visit.page.unroute(/\/api\/|\/auth\//)
    await fail(visit, 429, { code: 'TRIES_EXHAUSTED', message: '', retryAfterSeconds: 42 })
    await visit.press(visit.texts.pin.reset)
    await visit.sees(visit.texts.code.refusedOften)
  },
  async 'reset-pin-unheard'(visit) {
    await askForPin(visit, newNumber())
    await visit.typeCode('482913')
    await visit.context.setOffline(true)
    await choosePin(visit, '730418', visit.texts.pin.reset)
    await alert(visit)
  },
  async 'reset-pin-not-eligible'(visit) {
    const { phone } = await visit.world.identity()
    await askForPin(visit, phone)
    await visit.typeCode(await visit.world.lastCode(phone))
    await choosePin(visit, '730418', visit.texts.pin.reset)
    await alert(visit)
  },
  async 'reset-pin-done'(visit) {
    const { phone } = await pinHolder(visit.world, '284917')
    await askForPin(visit, phone)
    await visit.typeCode(await visit.world.lastCode(phone))
    await choosePin(visit, '730418', visit.texts.pin.reset)
    await visit.at(visit.texts.pin.resetDone)
  },
  async 'set-pin-consent'(visit) {
    await toSetPin(visit)
    await visit.at(visit.texts.consent.title)
    await visit.press(visit.texts.consent.submit)
  },
  async 'set-pin-has'(visit) {
    await visit.open('/set-pin')
    await visit.signIn(await pinHolder(visit.world, '284917'))
    await visit.sees(visit.errors.PIN_ALREADY_SET[0])
  },
  async 'set-pin-confirm'(visit) {
    await toSetPin(visit, { consent })
    await visit.at(visit.texts.stepUp.title)
  },
  async 'set-pin-confirm-code'(visit) {
    await toSetPin(visit, { consent })
    await visit.press(visit.texts.stepUp.send)
    await visit.page.locator('input[name=code-1]').waitFor()
  },
  async 'set-pin'(visit) {
    const { phone } = await toSetPin(visit, { consent })
    await confirmPhone(visit, phone)
    await visit.at(visit.texts.pin.setTitle)
    await visit.page.getByLabel(visit.texts.pin.newPin, { exact: true }).waitFor()
  },
  async 'set-pin-done'(visit) {
    const { phone } = await toSetPin(visit, { consent })
    await confirmPhone(visit, phone)
    await visit.page.getByLabel(visit.texts.pin.newPin, { exact: true }).waitFor()
    await choosePin(visit, '730418', visit.texts.pin.set)
    await visit.at(visit.texts.pin.setDone)
  },
}

/** A person with a PIN types this one. */
async function typePin(visit: Visit, pin: string): Promise<void> {
  const identity = await pinHolder(visit.world, '284917')
  await visit.signIn(identity)
  await toVerifyPin(visit, identity.phone)
  await verifyPin(visit, pin)
}

const accountStates: Record<string, Reach> = {
  async account(visit) {
    const identity = await visit.world.identity()
    await visit.world.post('/api/auth/login', { identifier: identity.email, password: identity.password })
    await visit.signIn(identity)
    await visit.sees(visit.texts.account.devices)
  },
  async 'account-pin'(visit) {
    await visit.signIn(await pinHolder(visit.world, '284917'))
    await visit.sees(visit.texts.account.devices)
  },
  async 'account-reloaded'(visit) {
    await visit.signIn(await visit.world.identity())
    await visit.sees(visit.texts.account.devices)
    await visit.page.reload()
    await visit.sees(visit.texts.signIn.reloaded)
  },
  async 'account-pin-locked'(visit) {
    await typePin(visit, '284918')
    for (let left = 9; left > 0; left -= 1) {
      await visit.page.locator('form .error:not(:empty)').waitFor()
      await verifyPin(visit, '284918')
    }
    await visit.page.locator('.notice').getByText(visit.errors.PIN_LOCKED[0]).waitFor()
    await visit.sees(visit.texts.account.recent)
  },
  async 'account-sign-out-offline'(visit) {
    await visit.signIn(await visit.world.identity())
    await visit.sees(visit.texts.account.devices)
    await visit.context.setOffline(true)
    await visit.page.getByRole('button', { name: visit.texts.account.signOut, exact: true }).click()
    await alert(visit)
  },
  async 'account-everywhere'(visit) {
    await visit.signIn(await visit.world.identity())
    await visit.press(visit.texts.account.everywhere)
    await visit.sees(visit.texts.account.everywhereAsk)
  },
  async 'account-pin-right'(visit) {
    await typePin(visit, '284917')
    await visit.sees(visit.texts.account.pinRight)
  },
  async 'account-pin-wrong'(visit) {
    await typePin(visit, '284918')
    await visit.sees(visit.errors.PIN_INVALID[0])
  },
  async 'change-password'(visit) {
    await visit.signIn(await visit.world.identity())
    await visit.follow(visit.texts.account.changePassword)
    await visit.at(visit.texts.password.change)
  },
  async 'change-password-refused-often'(visit) {
    await visit.signIn(await visit.world.identity())
    await visit.follow(visit.texts.account.changePassword)
    await visit.page.route(/password\/change/, (route) =>
      route.fulfill({
        status: 429,
        json: { success: false, error: { code: 'RATE_LIMITED', retryAfterSeconds: 3_000 } },
      }),
    )
    await visit.page.route(/auth\/session/, (route) =>
      route.fulfill({ status: 401, json: { success: false, error: { code: 'SESSION_INVALID' } } }),
    )
    const { current } = visit.texts.password
    const { newPassword, confirmPassword } = visit.texts.auth
    for (const label of [current, newPassword, confirmPassword]) await visit.type(label, freshPassword)
    await visit.press(visit.texts.password.change)
    await visit.sees(visit.texts.password.refusedOften)
  },
  async 'signed-out'(visit) {
    await visit.signIn(await visit.world.identity())
    await visit.page.getByRole('button', { name: visit.texts.account.signOut, exact: true }).click()
    await visit.sees(visit.texts.signIn.signedOut)
  },
}

/** The token of a message about a changed password. */
async function changedPassword({ world }: Visit): Promise<string> {
  const { email } = await world.identity()
  await world.post('/auth/request-password-reset', { email })
  const otp = await world.lastCode(email)
  await world.post('/auth/reset-password', { email, otp, newPassword: freshPassword })
  return lastToken(world, email)
}

const otherStates: Record<string, Reach> = {
  'not-found': (visit) => visit.open('/404'),
  'not-me-without-link': (visit) => visit.open('/not-me'),
  async 'not-me'(visit) {
    await visit.open('/not-me#token')
    await visit.at(visit.texts.notMe.title)
  },
  async 'not-me-over'(visit) {
    await visit.open('/not-me#token')
    await visit.press(visit.texts.notMe.submit)
    await visit.sees(visit.texts.notMe.linkOver)
  },
  async 'not-me-done'(visit) {
    await visit.open(`/not-me#${await changedPassword(visit)}`)
    await visit.press(visit.texts.notMe.submit)
    await visit.at(visit.texts.notMe.doneTitle)
  },
  async 'new-password-refused'(visit) {
    const { email, username } = await visit.world.identity({ username: `name.${randomInt(1e9)}` })
    await proveByEmail(visit, email)
    await choosePassword(visit, `Lamp-${username}-Harbour`)
    await alert(visit)
  },
}

export const states: Readonly<Record<string, Reach>> = {
  ...signInStates,
  ...emailStates,
  ...phoneStates,
  ...pinStates,
  ...accountStates,
  ...otherStates,
}
