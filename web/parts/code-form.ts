/** A form that is nothing but a code: sent by itself as soon as all six digits are in. */
import type { App } from '../app/app.ts'
import type { Child } from '../app/dom.ts'
import type { Failure } from '../client.ts'
import { CodePanel, type CodePanelOptions } from './code-panel.ts'
import { type Explain, Form } from './form.ts'

interface CodeFormOptions
  extends Pick<CodePanelOptions, 'challenge' | 'sms' | 'notice' | 'resend' | 'useAtHand' | 'elsewhere'> {
  readonly verify: (code: string) => Promise<Failure | undefined>
  /** What comes before the panel's own words for a refusal. */
  readonly explain?: Explain
  readonly below?: readonly Child[]
}

export function codeForm(app: App, leaving: AbortSignal, options: CodeFormOptions) {
  const { auth } = app.catalogue.texts
  const panel = new CodePanel(app, leaving, {
    challenge: options.challenge,
    sms: options.sms,
    notice: options.notice,
    resend: options.resend,
    useAtHand: options.useAtHand,
    elsewhere: options.elsewhere,
    sendsItself: true,
    complete: () => form.submit(),
  })
  const form = new Form(app, leaving, {
    fields: panel.fields,
    content: [panel.element],
    submit: auth.verifyOTP,
    busy: auth.verifying,
    send: () => options.verify(panel.code),
    explain: (failure) => options.explain?.(failure) ?? (panel.refused(failure) ? 'shown' : undefined),
    blocked: () => !panel.usable(),
    below: [...(options.below ?? []), panel.help],
  })
  panel.follow((isSpent) => {
    form.quiet = isSpent
  })
  return { element: form.element, focus: () => panel.focus() }
}
