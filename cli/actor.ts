/** Who the ledger says did what the command line does itself. */
import { callerArn } from './aws.ts'
import { Problem } from './problem.ts'

/**
 * @returns the ARN that AWS knows the caller by; `local` on a local stack
 * @throws Problem when AWS does not say; what the network or the credential chain says
 */
export async function actorOf(isLocal: boolean): Promise<string> {
  if (isLocal) return 'local'
  const arn = await callerArn()
  if (arn === undefined)
    throw new Problem('AWS does not say whose credentials these are (STS GetCallerIdentity).', 1)
  return arn
}
