/** What support does to a person: each act with a reason, which goes into its entry. */
import type { SupportPageRoute } from '#shared/contract/support-routes.ts'
import type { State } from '#shared/words/state.ts'
import { h } from '../app/dom.ts'

type ActRoute = Extract<
  SupportPageRoute,
  'unlockIdentity' | 'requireReset' | 'signOutIdentity' | 'suspendIdentity' | 'resumeIdentity'
>

export interface Act {
  readonly route: ActRoute
  readonly name: string
  /** What it does and what it leaves alone. */
  readonly does: string
}

const unlock: Act = {
  route: 'unlockIdentity',
  name: 'Unlock',
  does: 'Lifts freezes, limits and the PIN lock, so that codes and sign-ins go on at once. Password, PIN and sessions stay as they are.',
}
const requireReset: Act = {
  route: 'requireReset',
  name: 'Require a reset',
  does: 'Makes the password unusable until it is reset by code, and ends all sessions. The person is told.',
}
const signOut: Act = {
  route: 'signOutIdentity',
  name: 'Sign out everywhere',
  does: 'Ends all sessions on all devices. Password and PIN stay as they are.',
}
const suspend: Act = {
  route: 'suspendIdentity',
  name: 'Suspend',
  does: 'Ends all sessions. Until somebody resumes them, the person cannot sign in and is sent no code.',
}
const resume: Act = {
  route: 'resumeIdentity',
  name: 'Resume',
  does: 'Makes a suspended person active again. They sign in as before; sessions that ended stay ended.',
}

/** What can be done to whoever stands so. */
export const actsFor = ({ status }: Pick<State, 'status'>): readonly Act[] => [
  unlock,
  requireReset,
  signOut,
  status === 'suspended' ? resume : suspend,
]

const longestReason = 500

/**
 * Asks for the reason of an act, and does it.
 * @param perform gives undefined once it is done, else in a sentence why not
 */
export function askReason(
  act: Act,
  userId: string,
  perform: (reason: string) => Promise<string | undefined>,
): void {
  const reason = h('textarea', {
    id: 'reason',
    name: 'reason',
    rows: 3,
    maxlength: longestReason,
    dir: 'auto',
    'aria-describedby': 'reason-hint reason-problem',
  })
  const problem = h('p', { id: 'reason-problem', class: 'refused', role: 'alert' })
  const confirm = h('button', { type: 'submit' }, act.name)
  const cancel = h('button', { type: 'button', class: 'second', click: () => dialog.close() }, 'Cancel')
  const submit = async () => {
    const typed = reason.value.trim()
    problem.textContent = typed === '' ? 'Type the reason first.' : ''
    reason.toggleAttribute('aria-invalid', false)
    if (typed === '') {
      reason.setAttribute('aria-invalid', 'true')
      reason.focus()
      return
    }
    confirm.disabled = true
    confirm.textContent = 'One moment …'
    const refused = await perform(typed)
    if (refused === undefined) {
      dialog.close()
      return
    }
    problem.textContent = refused
    confirm.disabled = false
    confirm.textContent = act.name
    confirm.focus()
  }
  const form = h(
    'form',
    {
      novalidate: true,
      submit: (event) => {
        event.preventDefault()
        void submit()
      },
    },
    h('h2', { id: 'act-title' }, `${act.name}: `, h('bdi', {}, userId)),
    h('p', {}, act.does),
    h('label', { for: 'reason', class: 'asks' }, 'Reason'),
    reason,
    h(
      'p',
      { id: 'reason-hint', class: 'hint' },
      'Who asked for it, how you know them, the ticket. It goes into the ledger with your name, and cannot be taken back.',
    ),
    problem,
    h('div', { class: 'bar' }, confirm, cancel),
  )
  const dialog = h('dialog', { 'aria-labelledby': 'act-title', close: () => dialog.remove() }, form)
  document.body.append(dialog)
  dialog.showModal()
  reason.focus()
}
