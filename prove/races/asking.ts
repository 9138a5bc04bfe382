/** G5: asks at once, for one subject and from one address: exactly the budget passes. */
import { strictEqual } from 'node:assert'
import { flowOf } from '#shared/contract/flows.ts'
import { passwordEmail, passwordEmailBasic, pinReset, type RecoveryFlow } from '#test/support/recovery.ts'
import { newIp } from '#test/support/world.ts'
import { type Race, recorded, rushUntilAnswered } from './race.ts'

const flows = [passwordEmail, passwordEmailBasic, pinReset]

const oneSubject =
  (flow: RecoveryFlow): Race =>
  async (ground) => {
    const { world, many } = ground
    const person = await world.identity()
    const ask = () => world.post(flow.request, flow.typed(person), { ip: newIp() })
    const answered = await rushUntilAnswered(ground, many, ask, ['OK', 'RESEND_TOO_SOON'])
    const accepted = await recorded(ground, answered, 'CODE_REQUESTED', 'success')
    strictEqual(world.messages(person[flow.channel]).length, 1, 'one message')
    return { requests: many, counted: accepted, exactly: 1 }
  }

const oneAddress =
  (flow: RecoveryFlow): Race =>
  async (ground) => {
    const { world, many } = ground
    const ip = newIp()
    const unique = ip.replaceAll(':', '')
    const ask = (index: number) => {
      const phone = `+2015${Number.parseInt(unique.slice(-6, -1), 16) % 100_000}${String(index).padStart(3, '0')}`
      const ghost = {
        userId: '',
        username: '',
        password: '',
        email: `g${index}-${unique}@example.net`,
        phone,
      }
      return world.post(flow.request, flow.typed({ ...ghost, phone: phone.padEnd(13, '0') }), { ip })
    }
    const answered = await rushUntilAnswered(ground, many, ask, ['OK', 'RATE_LIMITED', 'RESEND_TOO_SOON'])
    const accepted = await recorded(ground, answered, 'CODE_REQUESTED', 'success')
    return { requests: many, counted: accepted, exactly: flowOf(flow.id).codesPerIpHour }
  }

export const asking: Readonly<Record<string, Race>> = Object.fromEntries(
  flows.flatMap((flow) => [
    [`asks_accepted_per_subject.${flow.id}`, oneSubject(flow)],
    [`asks_accepted_per_address.${flow.id}`, oneAddress(flow)],
  ]),
)
