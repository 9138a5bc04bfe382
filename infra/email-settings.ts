/** How mails are sent and how they look, as a stage says it. */
import * as z from 'zod'
import { parseEmail } from '../shared/contract/schemas.ts'
import { accentRefusal, logoRefusal } from '../shared/messages/look.ts'

/** The address of `Name <address>`, or of an address alone; undefined when it is none. */
export function mailboxAddress(value: string): string | undefined {
  const bracketed = /^[^<>]*<([^<>]+)>$/.exec(value)
  return parseEmail(bracketed?.[1] ?? value)
}

/** RFC 5322 mailbox: an address, or a name with the address in angle brackets. */
export const mailbox = z
  .string()
  .refine(
    (value) => mailboxAddress(value) !== undefined && !/\p{Cc}/u.test(value),
    'must be an address or `Name <address>`, in one line',
  )

/** A text that is refused with a reason of its own. */
const judged = (refusal: (text: string) => string | undefined) =>
  z.string().superRefine((text, context) => {
    const message = refusal(text)
    if (message !== undefined) context.addIssue({ code: 'custom', message })
  })

export const emailSettings = z.strictObject({
  /** Of SES, in this account and Region: where it tells of deliveries, bounces and complaints. */
  configurationSet: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be the name of a configuration set of SES')
    .optional(),
  /** Where replies go; to `emailFrom` without it. */
  replyTo: mailbox.optional(),
  /** Address of a picture above each mail, in place of the product's name. */
  logo: judged(logoRefusal).optional(),
  /** Colour of bar and button. By itself that of the pages' theme. */
  accent: judged(accentRefusal).optional(),
})
