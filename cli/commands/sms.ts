/** `latchkey sms pause | resume COUNTRY`: no SMS to a country, at once and without a deployment. */

import { bodies } from '#shared/contract/schemas.ts'
import { newId } from '#shared/crypto/tokens.ts'
import { settings } from '#shared/settings.ts'
import { type HaltBy, haltSms, resumeSms } from '#shared/stores/sms-halt.ts'
import { actorOf } from '../actor.ts'
import type { Given } from '../arguments.ts'
import { print } from '../output.ts'
import { usage } from '../problem.ts'
import type { Clock } from '../services.ts'

type Asked = Given<'sms pause'> | Given<'sms resume'>

/** A country that none are sent to is more likely mistyped than meant. */
function countryIn({ words }: Asked): string {
  const country = words[0].toUpperCase()
  const { SMS_COUNTRIES: listed } = settings()
  if (!listed.includes(country)) throw usage(`No SMS go to "${words[0]}". Countries: ${listed.join(', ')}.`)
  return country
}

async function by({ options }: Asked, isLocal: boolean): Promise<HaltBy> {
  const read = bodies.reason.safeParse(options)
  if (!read.success) throw usage(`--reason: ${read.error.issues[0]?.message}`)
  return { id: newId(), actor: await actorOf(isLocal), note: read.data.reason || undefined }
}

/** @throws Problem when no SMS go there anyway; Unavailable */
export async function pauseCommand(given: Given<'sms pause'>, clock: Clock, isLocal: boolean): Promise<void> {
  const country = countryIn(given)
  const until = new Date(await haltSms(country, await by(given, isLocal), clock())).toISOString()
  print(
    given.json,
    { country, pausedUntil: until },
    () => `No SMS go to ${country} from now on, until ${until} or "latchkey sms resume ${country}".\n`,
  )
}

/** @throws as {@link pauseCommand} */
export async function resumeCommand(
  given: Given<'sms resume'>,
  clock: Clock,
  isLocal: boolean,
): Promise<void> {
  const country = countryIn(given)
  await resumeSms(country, await by(given, isLocal), clock())
  print(
    given.json,
    { country, pausedUntil: null },
    () => `SMS go to ${country} again. Where the breaker still sees cause, it pauses them within a minute.\n`,
  )
}
