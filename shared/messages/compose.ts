/** Texts of emails and SMS, in the person's language. Pure: nothing here sends, reads settings or knows a clock. */
import type { Template } from '../events.ts'
import { policy } from '../policy.ts'
import type { Catalogue, Notice, Purpose } from './catalogue.ts'
import { ar } from './catalogues/ar.ts'
import { en } from './catalogues/en.ts'
import { anchor, emailHtml, escapeHtml, isolated, technical } from './html.ts'
import { type Language, messageLanguage, type Readers } from './languages.ts'

const texts: Readonly<Record<Language, Catalogue>> = { en, ar }

/** All languages, by BCP 47 language. */
export const catalogues: ReadonlyMap<string, Catalogue> = new Map(Object.entries(texts))

export interface CodeMessage {
  readonly template: Extract<Template, 'code'>
  readonly code: string
  /** Short reference, which nobody knows but whoever holds the message. */
  readonly ref: string
  /** The code's life. */
  readonly minutes: number
  readonly purpose: Purpose
}

/** Tells of something that happened; a `Message` of the outbox is one. */
export interface NoticeMessage {
  readonly template: Notice
  /** Short, of the event that it tells of: for support, and for whoever looks the entry up. */
  readonly reference: string
  /** Epoch ms. */
  readonly time: number
  /** Page on which the owner may disown what happened. */
  readonly link?: string
}

export interface Context extends Readers {
  readonly product: string
  /** Host of the pages, without scheme: what a WebOTP line is bound to. */
  readonly host: string
}

export interface Email {
  readonly subject: string
  readonly text: string
  readonly html: string
}

const catalogueOf = (readers: Readers): Catalogue => texts[messageLanguage(readers)]

/** A number with its unit in the right plural, in digits that every keyboard has. */
function duration({ locale }: Catalogue, count: number, unit: 'minute' | 'hour'): string {
  return new Intl.NumberFormat(`${locale}-u-nu-latn`, { style: 'unit', unit, unitDisplay: 'long' }).format(
    count,
  )
}

/** The same moment for every reader: `2026-11-20 16:32 UTC`. */
const utc = (time: number) => `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`

type Content = CodeMessage | NoticeMessage
type Values = Readonly<Record<string, string>>

function valuesOf(message: Content, { product }: Context, catalogue: Catalogue): Values {
  if (message.template === 'code')
    return {
      product,
      code: message.code,
      ref: message.ref,
      life: duration(catalogue, message.minutes, 'minute'),
    }
  const { reference, time, link } = message
  return {
    product,
    reference,
    time: utc(time),
    ...(link !== undefined && { link }),
    freeze: duration(catalogue, policy.freezeSeconds / 3600, 'hour'),
  }
}

/** @throws Error for a placeholder without a value: a defect of the catalogue. */
function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`A text has the unknown placeholder {${name}}`)
    return value
  })
}

function paragraphsOf(message: Content, catalogue: Catalogue): string[] {
  if (message.template === 'code') {
    const { lead, ifNotYou } = catalogue.code[message.purpose]
    return [
      lead,
      `${catalogue.validFor} ${catalogue.neverShare}`,
      catalogue.codeReference,
      ifNotYou,
      catalogue.noLinks,
    ]
  }
  const { lead, ifNotYou } = catalogue.notices[message.template]
  const end = message.link === undefined ? [ifNotYou] : [ifNotYou, '{link}', catalogue.linkSafety]
  const noLinks = message.link === undefined ? [catalogue.noLinks] : []
  return [lead, catalogue.happenedAt, ...end, catalogue.reference, ...noLinks]
}

const textsOf = (message: Content, catalogue: Catalogue) =>
  message.template === 'code' ? catalogue.code[message.purpose] : catalogue.notices[message.template]

/** Values as they stand in HTML. */
function htmlValues({ reference, ref, time, link, ...others }: Values): Values {
  const values = Object.fromEntries(Object.entries(others).map(([name, value]) => [name, isolated(value)]))
  return {
    ...values,
    ...(reference !== undefined && { reference: technical(reference) }),
    ...(ref !== undefined && { ref: technical(ref) }),
    ...(time !== undefined && { time: technical(time) }),
    ...(link !== undefined && { link: anchor(link) }),
  }
}

/** Values as they stand in plain text: isolated where the text runs right to left (Unicode FSI and PDI). */
function plainValues({ link, ...values }: Values, { direction }: Catalogue): Values {
  // A link stands on a line of its own, and a mark at its end would become part of it.
  const alone = link === undefined ? {} : { link }
  if (direction === 'ltr') return { ...values, ...alone }
  const isolates = Object.entries(values).map(([name, value]) => [name, `\u2068${value}\u2069`])
  return { ...Object.fromEntries(isolates), ...alone }
}

/**
 * An email: subject, plain text and HTML with the same words. It holds nothing that a caller typed, and no link but the
 * page to disown a change on, where opening it changes nothing.
 */
export function composeEmail(message: Content, context: Context): Email {
  const catalogue = catalogueOf(context)
  const { locale, direction } = catalogue
  const values = valuesOf(message, context, catalogue)
  const paragraphs = paragraphsOf(message, catalogue)
  const code = message.template === 'code' ? message.code : undefined
  const [lead = '', ...rest] = paragraphs.map((text) => fill(text, plainValues(values, catalogue)))
  const subject = fill(textsOf(message, catalogue).subject, values)
  const html = emailHtml({
    locale,
    direction,
    title: subject,
    product: context.product,
    code,
    paragraphs: paragraphs.map((text) => fill(escapeHtml(text), htmlValues(values))),
  })
  return { subject, text: [lead, ...(code === undefined ? [] : [code]), ...rest].join('\n\n'), html }
}

/**
 * An SMS. A code's last line is `@host #code`, by which a browser knows the page the code belongs to
 * (WICG "Origin-bound one-time codes delivered via SMS"); nothing may follow it.
 */
export function composeSms(message: Content, context: Context): string {
  const catalogue = catalogueOf(context)
  return smsOf(message, valuesOf(message, context, catalogue), catalogue, context)
}

/** @param values what stands in the text; `code` in a code's, `reference` and perhaps `link` in a notice's */
function smsOf(message: Content, values: Values, catalogue: Catalogue, { host }: Context): string {
  const text = fill(textsOf(message, catalogue).sms, values)
  if (message.template === 'code') return `${text}\n${fill('@{host} #{code}', { ...values, host })}`
  const link = values['link'] === undefined ? [] : [values['link']]
  return [text, ...link, fill(catalogue.smsReference, values)].join('\n')
}

/**
 * An SMS as it is registered with operators: what differs from message to message is `variable`.
 * @param message its own values are of no account
 */
export function smsForm(message: Content, context: Context, variable: string): string {
  const catalogue = catalogueOf(context)
  const values = valuesOf(message, context, catalogue)
  // The link's start is the same in each message; only what follows the fragment's mark is not.
  const link = values['link'] && { link: values['link'].replace(/#.*/, `#${variable}`) }
  const varying =
    message.template === 'code' ? { code: variable, ref: variable, life: variable } : { reference: variable }
  return smsOf(message, { ...values, ...varying, ...link }, catalogue, context)
}
