/** The shape of a language's texts. A language is one file in `catalogues/`, its line in `compose.ts` and its name in `languages.ts`. */
import type { Flow } from '../contract/flows.ts'
import type { Template } from '../events.ts'

export type Purpose = Flow['purpose']
export type Notice = Exclude<Template, 'code'>

/** Placeholders stand in braces; only those named here are filled in. */
export interface CodeTexts {
  /** May hold `{product}`. */
  readonly subject: string
  /** What the code is for. May hold `{product}`. */
  readonly lead: string
  /** What to do when one did not ask for it. */
  readonly ifNotYou: string
  /** `{product}`, `{code}`, `{ref}`, `{life}`. The WebOTP line follows it. */
  readonly sms: string
}

export interface NoticeTexts {
  /** May hold `{product}`. */
  readonly subject: string
  /** What happened. May hold `{product}` and `{freeze}`. */
  readonly lead: string
  /** May hold `{freeze}`. Where the message carries a link, its button follows. */
  readonly ifNotYou: string
  /** `{product}` and `{freeze}`. The link follows it on a line of its own where there is one, then the reference. */
  readonly sms: string
}

export interface Catalogue {
  /** BCP 47; also how numbers and units are written. */
  readonly locale: string
  readonly direction: 'ltr' | 'rtl'
  /** The most parts of an SMS in this language: one where its letters are those of GSM 03.38, two elsewhere. */
  readonly smsParts: 1 | 2
  readonly code: Readonly<Record<Purpose, CodeTexts>>
  readonly notices: Readonly<Record<Notice, NoticeTexts>>
  /** `{life}`: how long the code can be used. */
  readonly validFor: string
  readonly neverShare: string
  /** `{ref}`: what to type beside the code where somebody else used up its tries. */
  readonly codeReference: string
  /** `{utc}`. */
  readonly happenedAt: string
  /** `{local}`, `{country}` and `{utc}`: by the clock of the person's country. */
  readonly happenedLocally: string
  /** `{system}`. */
  readonly deviceSystem: string
  /** `{browser}` and `{system}`. */
  readonly deviceBrowser: string
  /** On the button, or before the address in plain text. */
  readonly disown: string
  /** `{reference}`. */
  readonly reference: string
  /** `{reference}`; in a right-to-left language on a line of its own, where it keeps its order. */
  readonly smsReference: string
  /** `{product}`. Why there is no link in the message. */
  readonly noLinks: string
  /** What the link does, and what its page never asks for. */
  readonly linkSafety: string
}
