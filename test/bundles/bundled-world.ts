/** A stack whose functions are the built bundles, run as Lambda runs them, and set up as CloudFormation does. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CloudFormationCustomResourceResponse } from 'aws-lambda'
import { startBundles } from '#local/lambda/bundles.ts'
import type { Answer } from '#local/lambda/execution.ts'
import { invoke } from '#local/runtime.ts'
import { createWorld } from '#test/support/world.ts'
import type { FunctionId } from '../../infra/roles.ts'
import { stageConfig } from '../infra/synth.ts'

export interface Invoked extends Answer {
  readonly id: FunctionId
}

export async function createBundledWorld() {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bundles-'))
  const answers: Invoked[] = []
  const bundles = await startBundles({
    folder,
    config: stageConfig('dev', { events: { bus: 'latchkey' } }),
    answered: (id, answer) => answers.push({ id, ...answer }),
  })
  const world = await createWorld({ handlers: bundles })
  const setUp = await putDecoy(bundles.pools.get('put-decoy')?.handler)
  return {
    world,
    answers,
    pools: bundles.pools,
    setUp,
    async close() {
      await world.close()
      await bundles.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** @returns what the function told CloudFormation. */
async function putDecoy(
  handler: Parameters<typeof invoke>[0] | undefined,
): Promise<CloudFormationCustomResourceResponse> {
  if (handler === undefined) throw new Error('No bundle of put-decoy')
  const told = Promise.withResolvers<CloudFormationCustomResourceResponse>()
  const cloudFormation = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    response.end(() => told.resolve(JSON.parse(Buffer.concat(chunks).toString())))
  })
  await new Promise<void>((resolve) => cloudFormation.listen(0, '127.0.0.1', resolve))
  const { port } = cloudFormation.address() as AddressInfo
  const event = {
    RequestType: 'Create',
    ResponseURL: `http://127.0.0.1:${port}/`,
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Decoy',
  }
  try {
    await invoke(handler, event, { function: 'put-decoy', requestId: 'set-up', timeoutMs: 30_000 })
    return await told.promise
  } finally {
    cloudFormation.close()
  }
}
