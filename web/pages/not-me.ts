/** 'It was not me': the token of a message's link, and the button that uses it. Opening the page changes nothing. */
import type { App, Page, View } from '../app/app.ts'
import { h } from '../app/dom.ts'
import { dateTime } from '../app/language.ts'
import type { Replies } from '../client.ts'
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
  let outcome: Replies['notMe'] | undefined
  return {
    step: () => (outcome !== undefined ? 'done' : token === '' ? 'link' : 'ask'),
    view(step, leaving) {
      if (outcome !== undefined) return doneView(app, outcome)
      if (step === 'link') return linkView(app)
      return askView(app, leaving, token, (data) => {
        outcome = data
        app.toStep('done', { replace: true })
      })
    },
  }
}

function askView(
  app: App,
  leaving: AbortSignal,
  token: string,
  finish: (data: Replies['notMe']) => void,
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
      if (!result.ok) return result
      if (!leaving.aborted) finish(result.data)
    },
    explain: ({ code }) =>
      code === 'TOKEN_INVALID' || code === 'VALIDATION_FAILED'
        ? { text: [notMe.linkOver, notMe.linkOverNext] }
        : undefined,
    below: [h('a', { class: 'second', href: pagePaths.signIn }, notMe.itWasMe)],
  })
  return { title: notMe.title, content: [h('p', { class: 'lead' }, notMe.lead), form.element] }
}

function linkView(app: App): View {
  const { notMe, signIn } = app.catalogue.texts
  return {
    title: notMe.title,
    content: [
      h('p', {}, h('strong', {}, notMe.needsLink)),
      h('p', {}, notMe.needsLinkNext),
      h('nav', {}, h('a', { href: pagePaths.signIn }, signIn.title)),
    ],
  }
}

function doneView(app: App, { frozenUntil, passwordDisabled, pinLocked }: Replies['notMe']): View {
  const { notMe } = app.catalogue.texts
  const time = dateTime(app.catalogue, frozenUntil)
  return {
    title: notMe.doneTitle,
    content: [
      h('p', { class: 'notice good' }, app.fill(notMe.doneLead, { time })),
      passwordDisabled === true && h('p', {}, notMe.passwordDisabled),
      pinLocked === true && h('p', {}, notMe.pinLocked),
      h('p', { class: 'hint' }, notMe.next),
    ],
  }
}
