/** Sign in: a password, then a code where the account asks for one. */
import type { App, Page, View } from '../app/app.ts'
import { h } from '../app/dom.ts'
import { type Challenge, isFrozen, namesOf, newChallenge } from '../parts/challenge.ts'
import { codeForm } from '../parts/code-form.ts'
import { type TextField, textField } from '../parts/field.ts'
import { Form } from '../parts/form.ts'
import { icon } from '../parts/icon.ts'
import { isNumberAtHome, parseIdentifier } from '../parts/identifiers.ts'
import { countryChoice } from '../parts/phone-field.ts'
import type { Action, Explanation } from '../parts/problem.ts'
import { safetyNote } from '../parts/safety-note.ts'
import { passwordField } from '../parts/secret-field.ts'
import { pagePaths } from '../paths.ts'

interface SecondFactor {
  readonly challengeId: string
  readonly challenge: Challenge
  readonly mask: string
  readonly sms: boolean
}

export function openSignIn(app: App): Page {
  let second: SecondFactor | undefined
  const needsCode = (factor: SecondFactor) => {
    second = factor
    app.toStep('code')
  }
  return {
    step: (asked) => (asked === 'code' && second !== undefined ? 'code' : 'password'),
    view: (step, leaving) =>
      step === 'code' && second !== undefined
        ? codeView(app, leaving, second)
        : passwordView(app, leaving, needsCode),
  }
}

/** Opens the session and goes on to what it was needed for. */
function enter(app: App, token: string): void {
  const { after } = app.session
  app.session.after = pagePaths.account
  app.session.begin(token)
  app.go(after, { replace: true })
}

function passwordView(app: App, leaving: AbortSignal, needsCode: (factor: SecondFactor) => void): View {
  const { signIn, auth, common } = app.catalogue.texts
  const identifier = identifierField(app)
  const country = countryOfNumber(app, identifier)
  const password = passwordField(app, {
    name: 'password',
    label: signIn.password,
    autocomplete: 'current-password',
    invalid: common.required,
  })
  const form = new Form(app, leaving, {
    fields: [identifier, password],
    content: [identifier.element, country, password.element],
    submit: signIn.submit,
    busy: signIn.working,
    async send() {
      app.identifier = identifier.value
      const body = { identifier: identifier.value, password: password.value }
      const result = await app.client.call('login', { body, signal: leaving })
      if (!result.ok) return result
      const { data } = result
      if ('accessToken' in data) return void enter(app, data.accessToken)
      const { challengeId, maskedPhone, maskedEmail = '' } = data
      const challenge = newChallenge('login-mfa', data)
      needsCode({ challengeId, challenge, mask: maskedPhone ?? maskedEmail, sms: maskedPhone !== undefined })
    },
    explain({ code }) {
      if (code === 'TRIES_EXHAUSTED') return locked(app)
      // Recovery by code stays open, and a reset clears these failures.
      return code === 'RATE_LIMITED' ? { actions: [toReset(app)] } : undefined
    },
  })
  const links = h(
    'nav',
    {},
    h('a', { href: pagePaths.forgotPassword }, auth.forgotPassword),
    h('a', { href: pagePaths.resetPin }, signIn.forgotPin),
  )
  return { title: signIn.title, content: [h('p', { class: 'lead' }, signIn.subtitle), form.element, links] }
}

/** Wrong codes after the right password have closed sign-in: no time helps. */
function locked(app: App): Explanation {
  const { errors, texts } = app.catalogue
  return {
    text: [errors.TRIES_EXHAUSTED[0], texts.signIn.lockedNext],
    actions: [toReset(app)],
    waits: false,
  }
}

const toReset = (app: App): Action => ({
  label: app.catalogue.texts.auth.resetPassword,
  run: () => app.go(pagePaths.forgotPassword),
})

function identifierField(app: App): TextField {
  const { signIn, forgot } = app.catalogue.texts
  return textField(app, {
    name: 'identifier',
    label: signIn.identifier,
    value: app.identifier,
    autocomplete: 'username',
    invalid: forgot.invalidEmail,
    parse: (typed) => parseIdentifier(typed, app.country),
  })
}

/** Asked for once what is typed can only be a number without its country code. */
function countryOfNumber(app: App, { input }: TextField): HTMLElement {
  const choice = countryChoice(app)
  const hasChoice = !choice.hidden
  const show = () => {
    choice.hidden = !(hasChoice && isNumberAtHome(input.value))
  }
  input.addEventListener('input', show)
  show()
  return choice
}

function codeView(app: App, leaving: AbortSignal, second: SecondFactor): View {
  const { auth, signIn } = app.catalogue.texts
  const { challengeId, challenge, mask, sms } = second
  const again = () => app.go(pagePaths.signIn, { replace: true })
  const newCode = h('button', { type: 'button', class: 'second', click: again }, signIn.newCode)
  const sent = app.fill(auth.otpSentTo, { email: mask })
  const notice = h('div', { class: 'notice told' }, icon(sms ? 'phone' : 'mail'), h('p', {}, sent))
  const form = codeForm(app, leaving, {
    challenge: () => challenge,
    sms,
    notice,
    async verify(otp) {
      const body = { challengeId, otp, ...namesOf(challenge) }
      const result = await app.client.call('verifyLogin', { body, signal: leaving })
      if (!result.ok) return result
      enter(app, result.data.accessToken)
    },
    explain: (failure) => (isFrozen(failure) ? locked(app) : undefined),
    elsewhere: newCode,
    below: [newCode],
  })
  return {
    title: signIn.mfaTitle,
    content: [notice, form.element, safetyNote(app, challenge)],
    focus: form.focus,
  }
}
