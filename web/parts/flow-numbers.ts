/** Numbers of the flows that the pages need before the service says them. Their types hold them to the flow table. */
import type { FlowId, flows as table } from '#shared/contract/flows.ts'
import type { policy } from '#shared/policy.ts'

export type { FlowId }

type Numbers = 'codeLifeSeconds' | 'cooldownSeconds' | 'triesPerCode'

export const flows = {
  'password-email': { codeLifeSeconds: 300, cooldownSeconds: 60, triesPerCode: 5 },
  'password-email-basic': { codeLifeSeconds: 600, cooldownSeconds: 60, triesPerCode: 3 },
  'password-two-factor': { codeLifeSeconds: 600, cooldownSeconds: 60, triesPerCode: 3 },
  'pin-reset': { codeLifeSeconds: 300, cooldownSeconds: 60, triesPerCode: 3 },
  'step-up': { codeLifeSeconds: 300, cooldownSeconds: 60, triesPerCode: 3 },
  'login-mfa': { codeLifeSeconds: 300, cooldownSeconds: 0, triesPerCode: 3 },
} as const satisfies { readonly [Id in FlowId]: Pick<(typeof table)[Id], Numbers> }

export const passwordLimits = {
  passwordMinCharacters: { standard: 8, enterprise: 12 },
  passwordMaxCharacters: 128,
} as const satisfies Pick<typeof policy, 'passwordMinCharacters' | 'passwordMaxCharacters'>
