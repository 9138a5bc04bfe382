/** Sign in: a password, then a code where the account asks for one. */
import type { App, Page, View } from '../app/app.ts'
import { h } from '../app/dom.ts'
import { type Challenge, newChallenge } from '../parts/challenge.ts'
import { codeForm } from '../parts/code-form.ts'
import { textField } from '../parts/field.ts'
import { createForm } from '../parts/form.ts'
import { parseIdentifier } from '../parts/identifiers.ts'
import { passwordField } from '../parts/secret-field.ts'
import { pagePaths } from '../paths.ts'

interface SecondFactor {
  readonly challengeId: string
  readonly challenge: Challenge
  readonly mask: string | undefined
  readonly sms: boolean
}

export function openSignIn(app: App): Page {
  let second: SecondFactor | undefined

  function enter(token: string): void {
    const { after } = app.session
    app.session.after = pagePaths.account
    app.session.begin(token)
    app.go(after, { replace: true })
  }

  const passwordView = (leaving: AbortSignal): View => {
    const { signIn, forgot, auth, common } = app.catalogue.texts
    const identifier = textField(app, {
      name: 'identifier',
      label: signIn.identifier,
      value: app.identifier,
      autocomplete: 'username',
      invalid: forgot.invalidEmail,
      parse: parseIdentifier,
    })
    const password = passwordField(app, {
      name: 'password',
      label: signIn.password,
      autocomplete: 'current-password',
      invalid: common.required,
    })
    const form = createForm(app, leaving, {
      fields: [identifier, password],
      content: [identifier.element, password.element],
      submit: signIn.submit,
      busy: signIn.working,
      async send() {
        app.identifier = identifier.value
        const body = { identifier: identifier.value, password: password.value }
        const result = await app.client.call('login', { body })
        if (!result.ok) return result
        const { data } = result
        if (leaving.aborted) return undefined
        if (data.mfaRequired !== true) return void enter(data.accessToken)
        const { challengeId, maskedPhone, maskedEmail } = data
        const challenge = newChallenge('login-mfa', data)
        second = { challengeId, challenge, mask: maskedPhone ?? maskedEmail, sms: maskedPhone !== undefined }
        app.toStep('code')
      },
    })
    return {
      title: signIn.title,
      content: [
        h('p', { class: 'lead' }, signIn.subtitle),
        form.element,
        h(
          'nav',
          {},
          h('a', { href: pagePaths.forgotPassword }, auth.forgotPassword),
          h('a', { href: pagePaths.resetPin }, signIn.forgotPin),
        ),
      ],
    }
  }

  const codeView = (leaving: AbortSignal, { challengeId, challenge, mask, sms }: SecondFactor): View => {
    const { auth, signIn } = app.catalogue.texts
    const again = () => app.go(pagePaths.signIn, { replace: true })
    const form = codeForm(app, leaving, {
      challenge: () => challenge,
      sms,
      async verify(otp) {
        const result = await app.client.call('verifyLogin', { body: { challengeId, otp } })
        if (!result.ok) return result
        second = undefined
        if (!leaving.aborted) enter(result.data.accessToken)
      },
      below: [h('button', { type: 'button', class: 'second', click: again }, signIn.newCode)],
    })
    return {
      title: signIn.mfaTitle,
      content: [
        h('p', { class: 'notice' }, app.fill(auth.otpSentTo, { email: mask ?? '' })),
        form.element,
        h(
          'p',
          { class: 'safe' },
          app.fill(auth.otpSecure, { minutes: Math.round(challenge.lifeSeconds / 60) }),
        ),
      ],
      focus: form.focus,
    }
  }

  return {
    step: (asked) => (asked === 'code' && second !== undefined ? 'code' : 'password'),
    view: (step, leaving) =>
      step === 'code' && second !== undefined ? codeView(leaving, second) : passwordView(leaving),
  }
}
