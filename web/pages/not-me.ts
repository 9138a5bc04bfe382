/** 'It was not me': the token of a message's link, and the button that uses it. Opening the page changes nothing. */
import type { App, Page, View } from '../app/app.ts'
import { h } from '../app/dom.ts'
import { dateTime } from '../app/language.ts'
import type { Replies } from '../client.ts'
import { backToProduct } from '../parts/back-to-product.ts'
import { Form } from '../parts/form.ts'
import { pagePaths } from '../paths.ts'

/** Takes the token out of the address, so that it stays in no history. The fragment never left the browser. */
function takeToken(): string {
  const token = location.hash.slice(1)
  if (token !== '') history.replaceState(history.state, '', location.pathname + location.search)
  return token
}

export function openNotMe(app: App): Page {
  const token = takeToken()
  let outcome: Replies['notMe'] | 'over' | undefined
  const finish = (data: typeof outcome) => {
    outcome = data
    app.toStep('done', { replace: true })
  }
  return {
    step: () => (outcome !== undefined ? 'done' : token === '' ? 'link' : 'ask'),
    view(step, leaving) {
      const { linkOver, linkOverNext, needsLink, needsLinkNext } = app.catalogue.texts.notMe
      if (outcome === 'over') return linkView(app, linkOver, linkOverNext)
      if (outcome !== undefined) return doneView(app, outcome)
      return step === 'link' ? linkView(app, needsLink, needsLinkNext) : askView(app, leaving, token, finish)
    },
  }
}

function askView(
  app: App,
  leaving: AbortSignal,
  token: string,
  finish: (data: Replies['notMe'] | 'over') => void,
): View {
  const { notMe } = app.catalogue.texts
  const effects = [notMe.paused, notMe.signedOut, notMe.disabled]
  const form = new Form(app, leaving, {
    fields: [],
    content: [
      h('p', {}, notMe.whatHappens),
      h('ul', { class: 'effects' }, ...effects.map((effect) => h('li', {}, effect))),
      h('p', { class: 'hint' }, notMe.never),
    ],
    submit: notMe.submit,
    busy: notMe.working,
    async send() {
      const result = await app.client.call('notMe', { body: { token } })
      const isOver = !result.ok && (result.code === 'TOKEN_INVALID' || result.code === 'VALIDATION_FAILED')
      if (!result.ok && !isOver) return result
      // No button is left that could only fail again.
      if (!leaving.aborted) finish(result.ok ? result.data : 'over')
    },
    below: [h('a', { class: 'second', href: pagePaths.signIn }, notMe.itWasMe)],
  })
  return {
    title: notMe.title,
    emblem: 'shield',
    content: [h('p', { class: 'lead' }, notMe.lead), form.element],
  }
}

/** There is no link, or none that can be used. */
function linkView(app: App, sentence: string, nextStep: string): View {
  const { notMe, signIn, auth } = app.catalogue.texts
  return {
    title: notMe.title,
    emblem: 'warning',
    content: [
      h('p', {}, h('strong', {}, sentence)),
      h('p', {}, nextStep),
      h(
        'nav',
        {},
        h('a', { href: pagePaths.forgotPassword }, auth.forgotPassword),
        h('a', { href: pagePaths.signIn }, signIn.title),
      ),
    ],
  }
}

function doneView(app: App, { frozenUntil, passwordDisabled, pinLocked }: Replies['notMe']): View {
  const { notMe } = app.catalogue.texts
  const time = dateTime(app.catalogue, frozenUntil)
  return {
    title: notMe.doneTitle,
    emblem: 'done',
    content: [
      h('p', { class: 'lead' }, app.fill(notMe.doneLead, { time })),
      passwordDisabled === true && h('p', {}, notMe.passwordDisabled),
      pinLocked === true && h('p', {}, notMe.pinLocked),
      h('p', { class: 'hint' }, notMe.next),
      backToProduct(app),
    ],
  }
}
