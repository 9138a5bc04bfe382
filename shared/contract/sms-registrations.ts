/**
 * What the networks of a country want registered before they carry an SMS. The one table of it: `cdk synth` asks for what it
 * names, and before each message it is asked again. Without it SNS takes the message and the carrier drops it in silence.
 */
import type { Template } from '../events.ts'
import type { Flow } from './flows.ts'

/** A text that is sent by SMS: a code's differs by what the code is for, all others by what they tell. */
export type SmsText = `code.${Flow['purpose']}` | Exclude<Template, 'code'>

export const codeText = (purpose: Flow['purpose']): SmsText => `code.${purpose}`

/** Ids of registered texts, by language and text: a carrier compares what it carries with the text under the id. */
export type SmsTemplates = Readonly<Record<string, Readonly<Record<string, string>>>>

export interface SmsSender {
  readonly senderId?: string | undefined
  readonly entityId?: string | undefined
  readonly templates?: SmsTemplates | undefined
}

/** EG: NTRA's sender ids. IN: TRAI's DLT (TCCCPR 2018): header, principal entity, and a template for each text. */
const registrations: Readonly<Record<string, readonly (keyof SmsSender)[]>> = {
  EG: ['senderId'],
  IN: ['senderId', 'entityId', 'templates'],
}

/** What is said of the setting that India had before. */
export const singleTemplateRefusal =
  'was one id for all texts, and carriers drop a text that is not the one registered under its id: give `templates`, an id by language and text (`npx latchkey sms-templates en` prints what to register)'

export const needsTemplates = (country: string): boolean =>
  registrations[country]?.includes('templates') ?? false

/** Languages that a sender has an id of any text in. */
const languagesOf = ({ templates = {} }: SmsSender): string[] =>
  Object.keys(templates).filter((language) => Object.keys(templates[language] ?? {}).length > 0)

/** @returns languages that a country which compares texts has registered ones in; undefined for one that compares none. */
export const registeredLanguages = (country: string, sender: SmsSender = {}): string[] | undefined =>
  needsTemplates(country) ? languagesOf(sender) : undefined

/** Whether a sender has what a name stands for; templates without a single one are none. */
function has(sender: SmsSender, name: keyof SmsSender): boolean {
  if (name !== 'templates') return sender[name] !== undefined
  return languagesOf(sender).length > 0
}

/** @returns names of what the country wants and the sender does not have. */
export const missingRegistrations = (country: string, sender: SmsSender = {}): (keyof SmsSender)[] =>
  (registrations[country] ?? []).filter((name) => !has(sender, name))

/** @param language as the catalogues name it @returns the id of just that text, or undefined. */
export const templateOf = (
  sender: SmsSender | undefined,
  text: SmsText,
  language: string,
): string | undefined => sender?.templates?.[language]?.[text]
