/** Asks the deployed sealer for a checkpoint: an operator may have one made, and neither sign nor store one. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { SealReport } from '../functions/workers/seal-ledger.ts'
import { Problem } from './problem.ts'

/** Name of the function, as `infra/settings-file.ts` gives it. */
export const sealerSetting = 'FUNCTION_SEAL_LEDGER'

async function invoke(name: string): Promise<{ readonly failed: boolean; readonly text: string }> {
  const client = new LambdaClient({})
  try {
    const asked = new InvokeCommand({ FunctionName: name, Payload: JSON.stringify({ always: true }) })
    const { FunctionError, Payload } = await client.send(asked)
    return { failed: FunctionError !== undefined, text: new TextDecoder().decode(Payload) }
  } catch (error) {
    if ((error as Error).name === 'TooManyRequestsException')
      throw new Problem('The sealer is at work already. Ask again in a minute.', 1)
    throw new Problem(`The sealer could not be asked: ${(error as Error).message}`, 1)
  } finally {
    client.destroy()
  }
}

/** @throws Problem when the function is not named, cannot be asked, or failed */
export async function askSealer(): Promise<SealReport> {
  const name = process.env[sealerSetting]
  if (!name) throw new Problem(`${sealerSetting} is missing: --env FILE reads it (docs/deploy.md, 3).`, 2)
  const { failed, text } = await invoke(name)
  if (failed) throw new Problem('The sealer failed. Its log tells why.', 1)
  return JSON.parse(text) as SealReport
}
