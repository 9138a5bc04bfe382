/** Set PIN: the agreement, a confirmed phone, then the PIN. The session says which of these is still missing. */
import type { App, Page, View } from '../app/app.ts'
import { h } from '../app/dom.ts'
import type { Failure, SessionData } from '../client.ts'
import { consentForm } from '../parts/consent-form.ts'
import { Form } from '../parts/form.ts'
import { newPin } from '../parts/new-pin.ts'
import { ProblemArea } from '../parts/problem.ts'
import { pagePaths } from '../paths.ts'

export function openSetPin(app: App): Page {
  let session: SessionData | undefined
  let finished = false

  const next = () => app.toStep('next', { replace: true })
  const again = () => {
    session = undefined
    next()
  }
  const confirm = () => {
    app.session.after = pagePaths.setPin
    app.go(pagePaths.confirm, { replace: true })
  }

  const loadView = (leaving: AbortSignal): View => {
    const { pin, common } = app.catalogue.texts
    const problem = new ProblemArea(app, leaving)
    const load = async () => {
      const result = await app.session.call('getSession', { signal: leaving })
      if (result === undefined || leaving.aborted) return
      if (!result.ok) return problem.show(result, { actions: [{ label: common.tryAgain, run: again }] })
      session = result.data
      const hasPossession = session.factors.some(({ group }) => group === 'POSSESSION')
      if (session.consent !== null && !hasPossession) confirm()
      else next()
    }
    load().catch(() => {
      // The view went while it was loading.
    })
    return { title: pin.setTitle, content: [h('p', { class: 'lead' }, common.loading), problem.element] }
  }

  const consentView = (leaving: AbortSignal): View => ({
    title: app.catalogue.texts.consent.title,
    content: consentForm(app, leaving, again),
  })

  const explain = (failure: Failure) => {
    const { pin, stepUp, consent } = app.catalogue.texts
    const action = {
      PIN_ALREADY_SET: { label: pin.resetTitle, run: () => app.go(pagePaths.resetPin) },
      SECOND_FACTOR_REQUIRED: { label: stepUp.title, run: confirm },
      CONSENT_REQUIRED: { label: consent.title, run: again },
    }[failure.code as string]
    return action === undefined ? undefined : { actions: [action] }
  }

  const pinView = (leaving: AbortSignal, { userId }: SessionData): View => {
    const { pin, common } = app.catalogue.texts
    const fields = newPin(app, 'pin')
    const form = new Form(app, leaving, {
      fields: fields.fields,
      content: fields.content,
      submit: pin.set,
      busy: common.saving,
      async send() {
        const result = await app.session.call('setPin', { body: { userId, pin: fields.value } })
        if (result === undefined || leaving.aborted) return undefined
        if (!result.ok) return result
        fields.clear()
        finished = true
        next()
      },
      explain(failure) {
        return fields.refused(failure) ? 'shown' : explain(failure)
      },
      below: [h('a', { class: 'second', href: pagePaths.account }, pin.backToAccount)],
    })
    return { title: pin.setTitle, content: [h('p', { class: 'lead' }, pin.setSubtitle), form.element] }
  }

  const doneView = (): View => {
    const { pin } = app.catalogue.texts
    const message = h('p', { class: 'notice good' }, pin.setDoneMessage)
    return {
      title: pin.setDone,
      content: [message, h('a', { class: 'main', href: pagePaths.account }, pin.backToAccount)],
    }
  }

  return {
    step() {
      if (finished) return 'done'
      if (session === undefined) return 'load'
      return session.consent === null ? 'consent' : 'pin'
    },
    view(step, leaving) {
      if (step === 'done') return doneView()
      if (session === undefined) return loadView(leaving)
      return step === 'consent' ? consentView(leaving) : pinView(leaving, session)
    },
  }
}
