/** Change password: the current one, and a new one. */
import { type App, type Page, single } from '../app/app.ts'
import { h } from '../app/dom.ts'
import { isUnheard } from '../client.ts'
import { Form } from '../parts/form.ts'
import { maybeDone } from '../parts/maybe-done.ts'
import { NewPassword } from '../parts/new-password.ts'
import { savedUnder } from '../parts/saved-under.ts'
import { passwordField } from '../parts/secret-field.ts'
import { pagePaths } from '../paths.ts'

export function openChangePassword(app: App): Page {
  // Whether the answer to a change was lost: it may have worked.
  let unheard = false
  return single((leaving) => {
    const { password: texts, pin } = app.catalogue.texts
    const current = passwordField(app, {
      name: 'password',
      label: texts.current,
      autocomplete: 'current-password',
      invalid: texts.currentWrong,
    })
    const fields = new NewPassword(app, 'enterprise', [app.identifier])
    const form = new Form(app, leaving, {
      fields: [current, ...fields.fields],
      content: [savedUnder(app.identifier), current.element, ...fields.content],
      submit: texts.change,
      busy: texts.changing,
      async send() {
        const body = { password: current.value, newPassword: fields.value }
        const result = await app.session.call('changePassword', { body })
        if (result === undefined || leaving.aborted) return undefined
        if (!result.ok) {
          unheard ||= isUnheard(result)
          // Too many refused passwords end the session; too many requests do not.
          if (result.code === 'RATE_LIMITED' && (await app.session.call('getSession', {})) === undefined)
            return void app.go(pagePaths.signIn, { replace: true, notice: texts.refusedOften })
          return result
        }
        app.go(pagePaths.account, { replace: true, notice: texts.changed })
      },
      explain(failure) {
        if (failure.code !== 'CREDENTIALS_INVALID') return fields.explain(failure)
        // Perhaps changed by the try whose answer was lost.
        if (unheard)
          return maybeDone(app, [texts.maybeChanged, texts.maybeChangedNext], pagePaths.changePassword)
        current.showError(texts.currentWrong)
        current.focus()
        return 'shown'
      },
      below: [h('a', { class: 'second', href: pagePaths.account }, pin.backToAccount)],
    })
    return { title: texts.change, content: [form.element] }
  })
}
