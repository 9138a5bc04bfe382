/** The set of paths that the firewall answers by itself: read and changed by name, with the lock that WAF gives. */
import * as z from 'zod/mini'
import type { FlowId } from '#shared/contract/flows.ts'
import { alsoStoppedBy, flowsStopped, withFlow } from '#shared/contract/stops.ts'
import { askJson, endpoint } from './aws.ts'
import { Problem } from './problem.ts'

/** Name of the setting, as `infra/service-stack.ts` gives it: ARN of the set. */
const setting = 'STOPPED_FLOWS'

const answer = z.object({
  RegexPatternSet: z.object({ RegularExpressionList: z.array(z.object({ RegexString: z.string() })) }),
  LockToken: z.string(),
})

/** How WAF wants the set to be named. */
function setName(): { readonly Name: string; readonly Id: string; readonly Scope: 'REGIONAL' } {
  const [, Name, Id] = /:regional\/regexpatternset\/([^/]+)\/([^/]+)$/.exec(process.env[setting] ?? '') ?? []
  if (Name === undefined || Id === undefined)
    throw new Problem(`${setting} is missing: --env FILE reads it (docs/deploy.md, 3).`, 2)
  return { Name, Id, Scope: 'REGIONAL' }
}

const ask = async (action: string, body: object) =>
  askJson(
    { service: 'wafv2', url: await endpoint('wafv2'), version: '1.1' },
    `AWSWAF_20190729.${action}`,
    body,
  )

async function readSet(): Promise<{ readonly patterns: string[]; readonly lock: string }> {
  const { RegexPatternSet, LockToken } = answer.parse(await ask('GetRegexPatternSet', setName()))
  const patterns = RegexPatternSet.RegularExpressionList.map(({ RegexString }) => RegexString)
  return { patterns, lock: LockToken }
}

/** @throws what AWS answered */
export const readStoppedFlows = async (): Promise<FlowId[]> => flowsStopped((await readSet()).patterns)

/** Somebody else was quicker. */
const isOvertaken = (error: unknown) => (error as Error).name === 'WAFOptimisticLockException'
const mostTries = 3

/** Stops a flow, or lets it go on; others stay as they are. @throws what AWS answered */
export async function changeStoppedFlow(flow: FlowId, stopped: boolean, tries = mostTries): Promise<void> {
  const { patterns, lock } = await readSet()
  const [shared] = alsoStoppedBy(patterns, flow)
  if (!stopped && shared !== undefined)
    throw new Problem(
      `The set has ${shared}, which stops other flows too. Take it out by hand, and stop those anew.`,
      1,
    )
  const list = withFlow(patterns, flow, stopped).map((RegexString) => ({ RegexString }))
  try {
    await ask('UpdateRegexPatternSet', { ...setName(), RegularExpressionList: list, LockToken: lock })
  } catch (error) {
    if (!isOvertaken(error) || tries <= 1) throw error
    await changeStoppedFlow(flow, stopped, tries - 1)
  }
}
