/** Who runs the command, as AWS knows them: entries of what they did name them. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { clientOptions } from '#shared/aws/client.ts'
import { policy } from '#shared/policy.ts'
import { Problem } from './problem.ts'

const action = 'Action=GetCallerIdentity&Version=2011-06-15'

/** What the SDK signs: a request in parts. */
interface Signed {
  readonly headers: Readonly<Record<string, string>>
}

/** Of the Region, since a partition has its own domain and a private network may have no other way out. */
function endpointOf(region: string): URL {
  const given = process.env['AWS_ENDPOINT_URL_STS'] ?? process.env['AWS_ENDPOINT_URL']
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  return new URL(given ?? `https://sts.${region}.${domain}/`)
}

/** STS has no client here: one request, signed by the SDK with the credentials that the other clients use. */
async function askSts(): Promise<Response> {
  const client = new DynamoDBClient(clientOptions)
  try {
    const region = await client.config.region()
    const url = endpointOf(region)
    const signer = await client.config.signer({
      name: 'sigv4',
      signingName: 'sts',
      signingRegion: region,
      properties: {},
    })
    const headers = { host: url.host, 'content-type': 'application/x-www-form-urlencoded' }
    const request = {
      ...{ method: 'POST', protocol: url.protocol, hostname: url.hostname, path: url.pathname },
      ...(url.port !== '' && { port: Number(url.port) }),
      ...{ headers, body: action, query: {} },
    }
    const signed = (await signer.sign(request)) as Signed
    const { host: _, ...sent } = signed.headers
    const signal = AbortSignal.timeout(policy.callTimeoutMs)
    return await fetch(url, { method: 'POST', headers: sent, body: action, signal })
  } finally {
    client.destroy()
  }
}

/**
 * @param isLocal whether the services are a local stack's, where nobody is anybody
 * @returns the caller's ARN, or `local`
 * @throws Problem when AWS does not say who it is
 */
export async function callerOf(isLocal: boolean): Promise<string> {
  if (isLocal) return 'local'
  const said = await askSts().catch((error: unknown) => {
    throw new Problem(`AWS does not say whose credentials these are: ${(error as Error).message}`, 1)
  })
  const text = await said.text()
  const arn = /<Arn>([^<]+)<\/Arn>/.exec(text)?.[1]
  if (said.ok && arn !== undefined) return arn
  const why = /<Message>([^<]+)<\/Message>/.exec(text)?.[1] ?? `STS answered ${said.status}`
  throw new Problem(`AWS does not say whose credentials these are: ${why}`, 1)
}
