/** Puts the decoy identity when CloudFormation asks, and tells it how that went. */
import type { CloudFormationCustomResourceEvent, CloudFormationCustomResourceResponse } from 'aws-lambda'
import { putDecoy } from '../shared/stores/identities.ts'

async function answer(
  event: CloudFormationCustomResourceEvent,
  outcome: { readonly Status: 'SUCCESS' } | { readonly Status: 'FAILED'; readonly Reason: string },
): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = event
  const body = { ...outcome, PhysicalResourceId: 'decoy', StackId, RequestId, LogicalResourceId }
  const response = await fetch(event.ResponseURL, {
    method: 'PUT',
    // The address is signed for a request without a media type.
    headers: { 'Content-Type': '' },
    body: JSON.stringify(body satisfies CloudFormationCustomResourceResponse),
    signal: AbortSignal.timeout(10_000),
  })
  if (!response.ok) throw new Error(`CloudFormation took no answer: ${response.status}`)
}

/** The role is new: what it may is not known everywhere at once. Together less than the function's time. */
const waitsMs = [1000, 2000, 4000, 8000]

async function putInTime(): Promise<void> {
  for (const wait of waitsMs)
    try {
      await putDecoy()
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  await putDecoy()
}

/** The decoy stays when the resource goes: whatever still reads it must not see a difference. */
export async function handler(event: CloudFormationCustomResourceEvent): Promise<void> {
  try {
    if (event.RequestType !== 'Delete') await putInTime()
  } catch (error) {
    await answer(event, { Status: 'FAILED', Reason: error instanceof Error ? error.message : 'failed' })
    return
  }
  await answer(event, { Status: 'SUCCESS' })
}
