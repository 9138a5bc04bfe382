/** Which page stands at which path. */

import { openAccount } from '../pages/account.ts'
import { openChangePassword } from '../pages/change-password.ts'
import { openConfirm } from '../pages/confirm.ts'
import { openForgotPassword } from '../pages/forgot-password.ts'
import { openNotMe } from '../pages/not-me.ts'
import { openResetByPhone } from '../pages/reset-by-phone.ts'
import { openResetPin } from '../pages/reset-pin/page.ts'
import { openSetPin } from '../pages/set-pin.ts'
import { openSignIn } from '../pages/sign-in.ts'
import { type PagePath, pagePaths } from '../paths.ts'
import type { OpenPage } from './app.ts'

export const openers: Readonly<Record<PagePath, OpenPage>> = {
  [pagePaths.start]: openSignIn,
  [pagePaths.signIn]: openSignIn,
  [pagePaths.forgotPassword]: openForgotPassword,
  [pagePaths.resetByPhone]: openResetByPhone,
  [pagePaths.resetPin]: openResetPin,
  [pagePaths.setPin]: openSetPin,
  [pagePaths.account]: openAccount,
  [pagePaths.confirm]: openConfirm,
  [pagePaths.changePassword]: openChangePassword,
  [pagePaths.notMe]: openNotMe,
}

/** Pages that need a session; without one they lead to the sign-in, and from there back. */
export const sessionPages: ReadonlySet<PagePath> = new Set([
  pagePaths.setPin,
  pagePaths.account,
  pagePaths.confirm,
  pagePaths.changePassword,
])
