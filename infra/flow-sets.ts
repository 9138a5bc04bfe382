/** Which flows a step has to do with: what their items begin with is what a right ends at (`access.ts`). */
import { type Flow, type FlowId, flows } from '../shared/contract/flows.ts'
import { type Route, routes, type StepId } from '../shared/contract/routes.ts'

const allFlows = Object.entries(flows) as [FlowId, Flow][]
export const every = allFlows.map(([flow]) => flow)
const flowsWhere = (test: (flow: Flow) => boolean) =>
  allFlows.filter(([, flow]) => test(flow)).map(([id]) => id)
const flowsOf = (step: StepId, code: Route['codes'][number]): FlowId[] =>
  (Object.values(routes) as Route[]).flatMap((route) =>
    route.step === step && route.flow && route.codes.includes(code) ? [route.flow] : [],
  )
/** Flows whose codes a step lets be asked for. */
export const askedAt = (step: StepId) => flowsOf(step, 'RESEND_TOO_SOON')
/** Flows whose codes a step judges. */
export const guessedAt = (step: StepId) => flowsOf(step, 'OTP_INVALID')
/** Flows whose codes a step can find spent: it says when the next may be asked for. */
export const spentAt = (step: StepId) => flowsOf(step, 'TRIES_EXHAUSTED')
/** Flows whose sign-in stands alone: each challenge an item of its own. */
export const signIns = flowsWhere((flow) => flow.opensSession)
/** Flows that the worker keeps a budget of the identity for: the others keep it when asked. */
export const aliased = flowsWhere((flow) => flow.subject !== 'identity')
/** Flows whose hundredth wrong code freezes whom was typed. */
export const freezing = flowsWhere((flow) => flow.hundredth === 'freezes-recovery')
