/** Asks the deployed sealer: an operator may have a checkpoint made or the archive made good, and neither sign nor store anything. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { Archived } from '#shared/stores/ledger-archive.ts'
import type { SealReport, SealRequest } from '../functions/workers/seal-ledger.ts'
import { Problem } from './problem.ts'

/** Name of the function, as `infra/settings-file.ts` gives it. */
export const sealerSetting = 'FUNCTION_SEAL_LEDGER'

/** It runs once at a time. */
export class SealerBusy extends Problem {
  constructor() {
    super('The sealer is at work already. Ask again in a minute.', 1)
  }
}

async function invoke(
  name: string,
  request: SealRequest,
): Promise<{ readonly failed: boolean; readonly text: string }> {
  const client = new LambdaClient({})
  try {
    const asked = new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(request) })
    const { FunctionError, Payload } = await client.send(asked)
    return { failed: FunctionError !== undefined, text: new TextDecoder().decode(Payload) }
  } catch (error) {
    if ((error as Error).name === 'TooManyRequestsException') throw new SealerBusy()
    throw new Problem(`The sealer could not be asked: ${(error as Error).message}`, 1)
  } finally {
    client.destroy()
  }
}

async function ask(request: SealRequest): Promise<unknown> {
  const name = process.env[sealerSetting]
  if (!name) throw new Problem(`${sealerSetting} is missing: --env FILE reads it (docs/deploy.md, 3).`, 2)
  const { failed, text } = await invoke(name, request)
  if (failed) throw new Problem('The sealer failed. Its log tells why.', 1)
  return JSON.parse(text)
}

/** @throws Problem when the function is not named, cannot be asked, is busy, or failed */
export const askForCheckpoint = async (): Promise<SealReport> => (await ask({ always: true })) as SealReport

/** As much as it does in one run. @throws Problem as {@link askForCheckpoint} */
export const askToArchive = async (archive: NonNullable<SealRequest['archive']>): Promise<Archived> =>
  (await ask({ archive })) as Archived
