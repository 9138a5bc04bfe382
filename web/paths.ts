/** The pages, by the path each is served at. Read by the build, which writes a file for each, and by the pages' router. */
export const pagePaths = {
  start: '/',
  signIn: '/sign-in',
  forgotPassword: '/forgot-password',
  resetByPhone: '/forgot-password/phone',
  resetPin: '/reset-pin',
  setPin: '/set-pin',
  account: '/account',
  confirm: '/confirm',
  changePassword: '/change-password',
  notMe: '/not-me',
} as const

export type PagePath = (typeof pagePaths)[keyof typeof pagePaths]

/** What a host answers unknown addresses with, beside the status 404. */
export const notFoundFile = '404.html'
