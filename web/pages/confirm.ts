/** Confirms the phone in this session by a code, then goes on to where it was needed. */
import type { App, Page, View } from '../app/app.ts'
import { h } from '../app/dom.ts'
import type { Failure } from '../client.ts'
import { backButton } from '../parts/back-button.ts'
import { type Challenge, challengeAfter, challengeAtHand, namesOf, newChallenge } from '../parts/challenge.ts'
import { codeAtHand } from '../parts/code-at-hand.ts'
import { codeForm } from '../parts/code-form.ts'
import { Form } from '../parts/form.ts'
import { icon } from '../parts/icon.ts'
import { pagePaths } from '../paths.ts'

export function openConfirm(app: App): Page {
  let challenge: Challenge | undefined
  let mask: string | undefined

  async function ask() {
    const result = await app.session.call('requestStepUp', { body: {} })
    if (result?.ok === true) {
      challenge = newChallenge('step-up', result.data)
      mask = result.data.maskedPhone
    } else if (result !== undefined) challenge = challengeAfter(result, 'step-up', challenge)
    return result
  }

  function useAtHand(refusal: Failure): void {
    challenge = challengeAtHand('step-up', refusal)
    mask = undefined
    app.toStep('code', { replace: true })
  }

  function goOn(): void {
    const { after } = app.session
    app.session.after = pagePaths.account
    app.go(after, { replace: true, notice: app.catalogue.texts.stepUp.confirmed })
  }

  const sendView = (leaving: AbortSignal): View => {
    const { stepUp, common } = app.catalogue.texts
    const form = new Form(app, leaving, {
      fields: [],
      content: [],
      submit: stepUp.send,
      busy: common.sending,
      async send() {
        const result = await ask()
        if (result === undefined || leaving.aborted) return undefined
        if (!result.ok && result.code !== 'RESEND_TOO_SOON') return result
        app.toStep('code', { replace: true })
      },
      explain: (failure) => codeAtHand(app, failure, useAtHand),
      below: [backButton(app)],
    })
    return { title: stepUp.title, content: [h('p', { class: 'lead' }, stepUp.lead), form.element] }
  }

  const codeView = (leaving: AbortSignal, present: () => Challenge): View => {
    const { auth, code, stepUp } = app.catalogue.texts
    const unasked = present().atHand ? code.newest : code.sentBefore
    const sent = mask === undefined ? unasked : app.fill(auth.otpSentTo, { email: mask })
    const notice = h('div', { class: 'notice told' }, icon('phone'), h('p', {}, sent))
    const form = codeForm(app, leaving, {
      challenge: present,
      sms: true,
      notice,
      async resend() {
        const result = await ask()
        // The session ended: the page has gone, and nobody reads this.
        return result ?? new Promise<never>(() => {})
      },
      useAtHand,
      async verify(otp) {
        const result = await app.session.call('verifyStepUp', { body: { otp, ...namesOf(present()) } })
        if (result === undefined || leaving.aborted) return undefined
        if (!result.ok) return result
        goOn()
      },
      below: [backButton(app)],
    })
    return {
      title: stepUp.title,
      content: [notice, form.element],
      focus: form.focus,
    }
  }

  return {
    step: (asked) => (asked === 'code' && challenge !== undefined ? 'code' : 'send'),
    view(step, leaving) {
      const present = challenge
      if (step !== 'code' || present === undefined) return sendView(leaving)
      return codeView(leaving, () => challenge ?? present)
    },
  }
}
