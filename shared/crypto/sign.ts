/** AWS Signature Version 4, for the few calls that go by plain HTTP: the admin routes, STS, SQS and WAF. */
import { createHash, createHmac } from 'node:crypto'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

export interface Unsigned {
  readonly method: string
  readonly url: URL
  readonly service: string
  readonly region: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | undefined
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
/** RFC 3986: what encodeURIComponent leaves alone beyond the unreserved. */
const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

const queryOf = (url: URL) =>
  [...url.searchParams]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&')

/**
 * @param now epoch ms; AWS takes a signature for five minutes around it
 * @returns the headers to send, those given among them
 */
export function signedHeaders(
  request: Unsigned,
  credentials: Credentials,
  now: number,
): Record<string, string> {
  const { method, url, service, region, body = '' } = request
  const at = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '')
  const scope = [at.slice(0, 8), region, service, 'aws4_request']
  const { sessionToken } = credentials
  const signed: Record<string, string> = {
    ...request.headers,
    host: url.host,
    'x-amz-date': at,
    ...(sessionToken && { 'x-amz-security-token': sessionToken }),
  }
  const names = Object.keys(signed).sort()
  const canonical = [
    method,
    // Encoded once more: every service but S3 reads the path so.
    url.pathname.split('/').map(encoded).join('/'),
    queryOf(url),
    ...names.map((name) => `${name}:${signed[name]?.trim().replace(/ +/g, ' ')}`),
    '',
    names.join(';'),
    sha256(body),
  ].join('\n')
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${credentials.secretAccessKey}`)
  const text = ['AWS4-HMAC-SHA256', at, scope.join('/'), sha256(canonical)].join('\n')
  const authorization = [
    `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope.join('/')}`,
    `SignedHeaders=${names.join(';')}`,
    `Signature=${hmac(key, text).toString('hex')}`,
  ].join(', ')
  const { host: _, ...sent } = signed
  return { ...sent, authorization }
}

/**
 * The same now and here, by the credentials and the Region that Lambda gives a function.
 * @returns the headers to send
 */
export function signedNow(request: Omit<Unsigned, 'region'>): Record<string, string> {
  const {
    AWS_REGION: region = '',
    AWS_ACCESS_KEY_ID: accessKeyId = '',
    AWS_SECRET_ACCESS_KEY: secretAccessKey = '',
    AWS_SESSION_TOKEN: sessionToken,
  } = process.env
  return signedHeaders({ ...request, region }, { accessKeyId, secretAccessKey, sessionToken }, Date.now())
}
