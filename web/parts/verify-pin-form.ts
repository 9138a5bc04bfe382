/** Proves the PIN, which counts only beside a confirmed phone in the same session. */
import type { App } from '../app/app.ts'
import { h } from '../app/dom.ts'
import { plural } from '../app/language.ts'
import type { ProvedFactor } from '../client.ts'
import { pagePaths } from '../paths.ts'
import { Form } from './form.ts'
import { pinField } from './secret-field.ts'

/** Of a PIN; undefined where that cannot be had. */
async function triesLeft(app: App): Promise<number | undefined> {
  const account = await app.session.call('getAccount', {})
  return account?.ok ? (account.data.pinTriesLeft ?? undefined) : undefined
}

export function verifyPinForm(
  app: App,
  leaving: AbortSignal,
  factors: readonly ProvedFactor[],
): readonly HTMLElement[] {
  const { account, auth } = app.catalogue.texts
  const { errors } = app.catalogue
  const confirm = {
    label: account.confirmFirst,
    run() {
      app.session.after = pagePaths.account
      app.go(pagePaths.confirm)
    },
  }
  const lead = h('p', { class: 'hint' }, account.verifyPinLead)
  if (!factors.some(({ group }) => group === 'POSSESSION'))
    return [lead, h('button', { type: 'button', class: 'second', click: confirm.run }, confirm.label)]
  const field = pinField(app, { name: 'pin', label: account.pin, invalid: errors.PIN_FORMAT.join(' ') })
  const done = h('p', { class: 'good', role: 'status' })
  let left: number | undefined
  const form = new Form(app, leaving, {
    fields: [
      {
        ...field,
        check: () => field.check() ?? (/^[0-9]{6}$/.test(field.value) ? undefined : field.invalid),
      },
    ],
    content: [field.element, done],
    submit: account.verify,
    busy: auth.verifying,
    async send() {
      done.textContent = ''
      const result = await app.session.call('verifyPin', { body: { pin: field.value } })
      if (result === undefined || leaving.aborted) return undefined
      // A PIN that was not judged is kept for the next try.
      if (result.ok || result.code === 'PIN_INVALID' || result.code === 'PIN_LOCKED') field.input.value = ''
      if (!result.ok) {
        left = result.code === 'PIN_INVALID' ? await triesLeft(app) : undefined
        // The try that locks is answered as any wrong one. The page opens anew: there is no PIN to try any more.
        if (left !== 0 && result.code !== 'PIN_LOCKED') return result
        return void app.go(pagePaths.account, { replace: true, notice: errors.PIN_LOCKED.join(' ') })
      }
      const minutes = Math.round(result.data.expiresInSeconds / 60)
      done.textContent = app.fill(account.pinRight, { minutes })
    },
    explain({ code }) {
      if (code === 'PIN_INVALID') {
        const [wrong, next] = errors.PIN_INVALID
        const { catalogue } = app
        const tries =
          left === undefined
            ? next
            : app.fill(plural(catalogue, catalogue.texts.code.triesLeft, left), { n: left })
        field.showError(`${wrong} ${tries}`)
        field.focus()
        return 'shown'
      }
      return code === 'SECOND_FACTOR_REQUIRED' ? { actions: [confirm] } : undefined
    },
  })
  return [lead, form.element]
}
