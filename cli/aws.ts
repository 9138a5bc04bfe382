/** Calls to AWS that the clients here do not make, with the usual credential chain: who is asking, and queues. */
import { LambdaClient } from '@aws-sdk/client-lambda'
import { perEnvironment } from '#shared/per-environment.ts'
import { policy } from '#shared/policy.ts'
import { type Credentials, signedHeaders, type Unsigned } from './sign.ts'

export interface Answer {
  readonly status: number
  readonly text: string
  /** As the API names a request. */
  readonly requestId?: string
}

export type Asked = Omit<Unsigned, 'region'>

/** Made at the first call, as most commands make none. */
const made = perEnvironment<{ client?: LambdaClient }>(() => ({}))
/** The chain of the SDK: environment, profile, SSO, a process, the machine. It asks again when a role's hour is over. */
const chain = () => {
  const here = made()
  here.client ??= new LambdaClient({})
  return here.client.config
}

export const credentials = async (): Promise<Credentials> => chain().credentials()
export const region = async (): Promise<string> => chain().region()

const timeoutMs = policy.callTimeoutMs * 4

/** Sends it with a signature. @throws what the credential chain or the network says */
export async function sendSigned(asked: Asked): Promise<Answer> {
  const headers = signedHeaders({ ...asked, region: await region() }, await credentials(), Date.now())
  return send(asked, headers)
}

/** Sends it as it is. @throws what the network says */
export async function send(
  { method, url, body }: Asked,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const init = {
    method,
    headers,
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(timeoutMs),
  }
  const reply = await fetch(url, init)
  const requestId = reply.headers.get('x-request-id')
  return { status: reply.status, text: await reply.text(), ...(requestId !== null && { requestId }) }
}

/** @returns where a service answers: where the environment says, else where AWS has it. */
export async function endpoint(service: string): Promise<URL> {
  const { AWS_ENDPOINT_URL: all, [`AWS_ENDPOINT_URL_${service.toUpperCase()}`]: own } = process.env
  const given = own || all
  if (given) return new URL(given)
  const where = await region()
  return new URL(`https://${service}.${where}.amazonaws.com${where.startsWith('cn-') ? '.cn' : ''}/`)
}

/** @returns the ARN that AWS knows the caller by, or undefined where it does not say. */
export async function callerArn(): Promise<string | undefined> {
  const url = await endpoint('sts')
  url.search = 'Action=GetCallerIdentity&Version=2011-06-15'
  const { text } = await sendSigned({ method: 'GET', service: 'sts', url })
  return /<Arn>([^<]+)<\/Arn>/.exec(text)?.[1]
}
