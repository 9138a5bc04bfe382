/** `latchkey sms pause | resume | floor COUNTRY`: what can be done about SMS to a country at once and without a deployment. */

import { settings } from '#shared/settings.ts'
import { haltSms, resumeSms, setSmsFloor } from '#shared/stores/sms-halt.ts'
import { actOf } from '../act.ts'
import type { Given } from '../arguments.ts'
import { print } from '../output.ts'
import { usage } from '../problem.ts'
import type { Clock } from '../services.ts'

type Asked = Given<'sms pause'> | Given<'sms resume'> | Given<'sms floor'>

/** A country that none are sent to is more likely mistyped than meant. */
function countryIn({ words }: Asked): string {
  const country = words[0].toUpperCase()
  const { SMS_COUNTRIES: listed } = settings()
  if (!listed.includes(country)) throw usage(`No SMS go to "${words[0]}". Countries: ${listed.join(', ')}.`)
  return country
}

/** @throws Problem when no SMS go there anyway; Unavailable */
export async function pauseCommand(given: Given<'sms pause'>, clock: Clock, isLocal: boolean): Promise<void> {
  const country = countryIn(given)
  const until = new Date(await haltSms(country, await actOf(given, isLocal), clock())).toISOString()
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
  await resumeSms(country, await actOf(given, isLocal), clock())
  print(
    given.json,
    { country, pausedUntil: null },
    () => `SMS go to ${country} again. Where the breaker still sees cause, it pauses them within a minute.\n`,
  )
}

/** As the setting takes it. */
const largestFloor = 1_000_000

/** @throws as {@link pauseCommand}; Problem for what is no such number */
export async function floorCommand(given: Given<'sms floor'>, clock: Clock, isLocal: boolean): Promise<void> {
  const country = countryIn(given)
  const floor = /^[0-9]{1,7}$/.test(given.words[1]) ? Number(given.words[1]) : 0
  if (floor < 1 || floor > largestFloor)
    throw usage(`NUMBER must be a whole number from 1 to ${largestFloor}, and not "${given.words[1]}".`)
  const until = await setSmsFloor(country, floor, await actOf(given, isLocal), clock())
  print(
    given.json,
    { country, floor, until },
    () =>
      `Up to ${floor} recovery codes a day to ${country} may stay unverified, until the end of ${until} (UTC). A pause that is there ends within four minutes, or by "latchkey sms resume ${country}".\n`,
  )
}
