/** `latchkey sms-templates LANGUAGE`: what to register with operators in a country that compares each text. */
import type { OwnTexts } from '#shared/domain/own-texts.ts'
import { checkOwnMessages } from '#shared/messages/own-texts.ts'
import { smsForms, smsLanguages } from '#shared/messages/sms-forms.ts'
import { readOwnTexts } from '#shared/own-texts-folder.ts'
import type { Given } from '../arguments.ts'
import { usage } from '../problem.ts'

/** A name of the deployer's: by flag, or from the settings of the stage. No default: it is part of what is registered. */
function given(flag: string, value: string | undefined, setting: string, fromSetting: string | undefined) {
  const name = value ?? fromSetting
  if (name === undefined || name === '')
    throw usage(`--${flag} is missing (or ${setting} in the settings, with --env FILE): each text holds it.`)
  return name
}

/** Exactly as messages have it: a browser takes no code for another form of its host. */
function hostAlone(host: string): string {
  const alone = hostOf(host.includes('://') ? host : `https://${host}`)
  if (alone === host) return host
  throw usage(`--host takes a host alone, such as ${alone || 'id.example.com'}: "${host}" is none.`)
}

const hostOf = (origin: string | undefined) =>
  origin !== undefined && URL.canParse(origin) ? new URL(origin).hostname : undefined

/** @throws Problem that names each text that cannot be used */
function ownTexts(folder: string): OwnTexts {
  try {
    return checkOwnMessages(readOwnTexts(folder, 'messages'))
  } catch (error) {
    throw usage(`--texts: ${(error as Error).message}`)
  }
}

/** @throws Problem when the language has no texts, a name is missing, or a text cannot be used */
export function smsTemplatesCommand({ words, options: flags, json }: Given<'sms-templates'>): void {
  const [language] = words
  if (!smsLanguages.includes(language))
    throw usage(`There are no texts in "${language}". Languages: ${smsLanguages.join(', ')}.`)
  const { PRODUCT, ORIGIN } = process.env
  const forms = smsForms(language, {
    product: given('product', flags.product, 'PRODUCT', PRODUCT),
    host: hostAlone(given('host', flags.host, 'ORIGIN', hostOf(ORIGIN))),
    texts: flags.texts === undefined ? {} : ownTexts(flags.texts),
  })
  if (json) {
    process.stdout.write(`${JSON.stringify({ language, texts: Object.fromEntries(forms) }, null, 2)}\n`)
    return
  }
  for (const [text, form] of forms) process.stdout.write(`# ${text}\n${form}\n\n`)
  process.stderr.write(
    `Register each text as it stands, line breaks too. Its id goes into cdk.json: sms.senders.IN.templates.${language}, by the name after the #.\n`,
  )
}
