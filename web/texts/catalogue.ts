/** What a language is made of: one file in this folder each. */
import type { FailureCode } from '../client.ts'
import type { catalogue as english } from './en.ts'

/** English sets the keys; `{{name}}` marks a value, and every language has the same ones. */
type Like<T> = T extends string ? string : { readonly [Key in keyof T]: Like<T[Key]> }

export type Texts = Like<(typeof english)['texts']>

/** What happened, and what to do next. */
export type ErrorTexts = Readonly<Record<FailureCode, readonly [sentence: string, nextStep: string]>>

export interface Catalogue {
  /** BCP 47 language. */
  readonly locale: string
  /** In the language itself. */
  readonly name: string
  readonly direction: 'ltr' | 'rtl'
  readonly texts: Texts
  readonly errors: ErrorTexts
}
