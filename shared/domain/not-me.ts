/** Messages whose owner may answer 'it was not me', and the secret that the answer makes unusable. */
import type { Template } from '../events.ts'

/** `none`: what was changed is not a secret. */
export type Disowned = 'password' | 'pin' | 'none'

const disowned: Readonly<Partial<Record<Template, Disowned>>> = {
  passwordChanged: 'password',
  pinChanged: 'pin',
  pinSet: 'pin',
  addressChanged: 'none',
  mfaChanged: 'none',
}

/** @returns what the link in such a message disowns, or undefined where it carries none. */
export const disownedBy = (template: Template): Disowned | undefined => disowned[template]
