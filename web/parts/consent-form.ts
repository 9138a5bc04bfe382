/** The legal agreement: what it is, where to read it, and the box that accepts it. */
import type { App } from '../app/app.ts'
import { type Child, h, newId, setAttribute } from '../app/dom.ts'
import { pagePaths } from '../paths.ts'
import type { Field } from './field.ts'
import { Form } from './form.ts'

export function consentForm(app: App, leaving: AbortSignal, accepted: () => void): readonly Child[] {
  const { consent: texts, common } = app.catalogue.texts
  const { document, version, url } = app.config.consent
  const box = checkbox(texts.accept, texts.needed)
  const form = new Form(app, leaving, {
    fields: [box],
    content: [box.element],
    submit: texts.submit,
    busy: common.saving,
    async send() {
      const result = await app.session.call('acceptConsent', { body: { document, version } })
      if (result === undefined || leaving.aborted) return undefined
      if (!result.ok) return result
      accepted()
    },
    below: [h('a', { class: 'second', href: pagePaths.account }, texts.notNow)],
  })
  return [
    h('p', { class: 'lead' }, texts.lead),
    h(
      'div',
      { class: 'notice' },
      h('p', {}, app.fill(texts.document, { document, version })),
      url === ''
        ? h('p', {}, texts.unlinked)
        : h('a', { class: 'link', href: url, target: '_blank', rel: 'noopener' }, texts.read),
    ),
    form.element,
  ]
}

function checkbox(label: string, needed: string): Field {
  const id = newId('accept')
  const errorId = newId('error')
  const input = h('input', {
    id,
    type: 'checkbox',
    class: 'box',
    name: 'accept',
    'aria-describedby': errorId,
  })
  const error = h('p', { id: errorId, class: 'error' })
  return {
    element: h(
      'div',
      { class: 'field' },
      h('div', { class: 'check' }, input, h('label', { for: id }, label)),
      error,
    ),
    name: 'document',
    invalid: needed,
    check: () => (input.checked ? undefined : needed),
    showError(text) {
      error.textContent = text ?? ''
      setAttribute(input, 'aria-invalid', text !== undefined && 'true')
    },
    focus: () => input.focus(),
  }
}
