/** The three recoveries by what they have in common, so that each hard case is written once and tried in all. */
import { hash } from '@node-rs/argon2'
import type { TestIdentity, World } from '#test/support/world.ts'
import {
  askByEmail,
  askByPhone,
  askForPin,
  choosePassword,
  choosePin,
  freshPassword,
  pinHolder,
} from './people.ts'
import type { Visit } from './visit.ts'

export interface Recovery {
  readonly name: 'password by email' | 'password by phone' | 'PIN'
  readonly codeLifeSeconds: number
  readonly tries: number
  readonly fresh: string
  /** Fails the rule; and is what the person has already. */
  readonly weak: string
  readonly old: string
  /** Path of the call that changes the secret. */
  readonly resetPath: string
  person(world: World): Promise<TestIdentity>
  address(person: TestIdentity): string
  /** From the first page to the code. */
  ask(visit: Visit, person: TestIdentity): Promise<void>
  /** Types the code with whatever the service takes together with it. */
  tryCode(visit: Visit, code: string): Promise<void>
  /** Types the new secret; `reset` is the button that sends it. */
  choose(visit: Visit, secret: string): Promise<void>
  /** What the first page has kept of what was typed. */
  typed(visit: Visit): Promise<string>
  firstTitle(visit: Visit): string
  resetLabel(visit: Visit): string
  texts(visit: Visit): {
    readonly done: string
    readonly weak: string
    readonly reused: string
    /** Said in a tab when another one has finished. */
    readonly overtaken: string
  }
}

const oldPassword = 'Meadow-Clock-17-amber'
const withOldPassword = async (world: World) => ({
  ...(await world.identity({ passwordHash: await hash(oldPassword) })),
  password: oldPassword,
})
const passwordRecovery = {
  fresh: freshPassword,
  old: oldPassword,
  person: withOldPassword,
  async tryCode(visit: Visit, code: string) {
    await visit.typeCode(code)
  },
  async choose(visit: Visit, secret: string) {
    await visit.at(visit.texts.auth.resetPassword)
    await choosePassword(visit, secret)
  },
  resetLabel: ({ texts }: Visit) => texts.auth.resetPassword,
  texts: ({ texts, errors }: Visit) => ({
    done: texts.auth.passwordResetSuccess,
    weak: texts.password.unmetError,
    reused: errors.PASSWORD_REUSED[0],
    overtaken: errors.TOKEN_INVALID[0],
  }),
}

const byEmail: Recovery = {
  ...passwordRecovery,
  name: 'password by email',
  codeLifeSeconds: 300,
  tries: 5,
  weak: 'harbour-lamp',
  resetPath: '/auth/reset-password',
  address: ({ email }) => email,
  ask: (visit, { email }) => askByEmail(visit, email),
  typed: ({ page, texts }) => page.getByLabel(texts.forgot.identifier).inputValue(),
  firstTitle: ({ texts }) => texts.auth.forgotPassword,
}

const byPhone: Recovery = {
  ...passwordRecovery,
  name: 'password by phone',
  codeLifeSeconds: 600,
  tries: 3,
  weak: 'lamp',
  resetPath: '/api/password-reset/reset',
  address: ({ phone }) => phone,
  async ask(visit, { username, phone }) {
    await askByPhone(visit, username, phone)
    await visit.at(visit.texts.auth.verifyOTP)
  },
  typed: ({ page, texts }) => page.getByLabel(texts.phone.label).inputValue(),
  firstTitle: ({ texts }) => texts.phone.title,
}

const freshPin = '730418'
const oldPin = '284917'

const ofPin: Recovery = {
  name: 'PIN',
  codeLifeSeconds: 300,
  tries: 3,
  fresh: freshPin,
  weak: '123456',
  old: oldPin,
  resetPath: '/api/pin/reset',
  person: (world) => pinHolder(world, oldPin),
  address: ({ phone }) => phone,
  ask: (visit, { phone }) => askForPin(visit, phone),
  async tryCode(visit, code) {
    await visit.typeCode(code)
    await choosePin(visit, freshPin, visit.texts.pin.reset)
  },
  choose: (visit, secret) => choosePin(visit, secret, visit.texts.pin.reset),
  typed: ({ page, texts }) => page.getByLabel(texts.pin.phone).inputValue(),
  firstTitle: ({ texts }) => texts.pin.resetTitle,
  resetLabel: ({ texts }) => texts.pin.reset,
  texts: ({ texts, errors }) => ({
    done: texts.pin.resetDone,
    weak: errors.PIN_TRIVIAL[0],
    reused: errors.PIN_REUSED[0],
    overtaken: errors.OTP_INVALID[0],
  }),
}

export const recoveries: readonly Recovery[] = [byEmail, byPhone, ofPin]
