/** The command line before anything is asked, and what AWS's own errors come to. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { Unavailable } from '#shared/aws/unavailable.ts'
import { signedHeaders } from '#shared/crypto/sign.ts'
import { actorOf } from '../../cli/actor.ts'
import { readArguments } from '../../cli/arguments.ts'
import { awsSentence } from '../../cli/aws-errors.ts'
import { endOf } from '../../cli/ending.ts'
import { helpOf, helpOfAll, helpOfGroup, usageOf } from '../../cli/help.ts'
import { type CommandName, specOf, specs } from '../../cli/specs.ts'
import { people } from '../../infra/people-access.ts'
import { latchkey, latchkeyProcess } from '../ledger/command-line.ts'

const names = Object.keys(specs) as CommandName[]

describe('help', () => {
  test.each(names)('%s has its own, with every option, and so has --json', async (name) => {
    const { code, stdout } = await latchkey([...name.split(' '), '--help'])
    expect(code).toBe(0)
    expect(stdout).toBe(helpOf(name))
    expect(stdout).toContain(`latchkey ${name}`)
    for (const option of Object.keys(specOf(name).options ?? {})) expect(stdout).toContain(`--${option}`)
    expect(stdout).toContain('--json')
  })

  test('the one of all names each command', () => {
    for (const name of names) expect(helpOfAll()).toContain(`  latchkey ${usageOf(name)}\n`)
  })

  test.each([
    [['help'], helpOfAll()],
    [['--json', '--help'], helpOfAll()],
    [['help', 'import'], helpOf('import')],
    [['help', 'ledger', 'verify'], helpOf('ledger verify')],
    [['--env', 'not-there', 'import', '--help'], helpOf('import')],
    [['ledger', '--help'], helpOfGroup('ledger')],
    [['ledger', '--json', '--help'], helpOfGroup('ledger')],
    [['--help', 'identity'], helpOfGroup('identity')],
    [['help', 'sms'], helpOfGroup('sms')],
  ])('%j prints the help that is meant', async (words, stdout) => {
    expect(await latchkey(words)).toEqual({ code: 0, stdout, stderr: '' })
  })

  test('the one of a group names its commands, and no others', () => {
    for (const name of names)
      expect(helpOfGroup('sms').includes(`  latchkey ${usageOf(name)}\n`)).toBe(name.startsWith('sms '))
  })

  test.each(['ledger sell --help', 'help nonsense', 'ledger help'])('there is none of "%s"', async (line) => {
    const ran = await latchkey(line.split(' '))
    expect(ran).toMatchObject({ code: 2, stdout: '' })
    expect(ran.stderr).toContain('There is no command "')
  })

  test('what a command takes on AWS is a role that there is', () => {
    const roles = names.map((name) => specOf(name).role).filter((role) => role !== undefined)
    expect([...new Set(roles)].sort()).toEqual(Object.keys(people).sort())
  })

  test('--version tells the version of the package', async () => {
    const { default: about } = await import('../../package.json', { with: { type: 'json' } })
    const told = { code: 0, stdout: `latchkey ${about.version}\n`, stderr: '' }
    for (const words of [['--version'], ['--local', '--version'], ['--env', 'not-there', '--version']])
      expect(await latchkey(words)).toEqual(told)
    const { stdout } = await latchkey(['--json', '--version'])
    expect(JSON.parse(stdout)).toEqual({ version: about.version })
  })
})

describe('what is mistyped', () => {
  test.each(names.filter((name) => specOf(name).words.length > 0))(
    '%s: a missing word is told before missing settings, with where its help is',
    async (name) => {
      const { code, stderr } = await latchkey(name.split(' '))
      expect(code).toBe(2)
      expect(stderr).toBe(
        `latchkey: ${specOf(name).words[0]} is missing.\nRun "latchkey ${name} --help" for how it is used.\n`,
      )
    },
  )

  test.each(names)('%s takes --json, and no option that it does not have', (name) => {
    const words = specOf(name).words.map(() => 'x')
    expect(readArguments(name, [...words, '--json']).json).toBe(true)
    expect(() => readArguments(name, [...words, '--nonsense'])).toThrow(/Unknown option '--nonsense'/)
    expect(() => readArguments(name, [...words, 'more'])).toThrow('"more" is one word too many.')
  })

  test('a file or folder that is not there is exit 2, a full disk is not', async () => {
    const file = (code: string) =>
      Object.assign(new Error(`${code}: x`), { code, path: 'a.csv', syscall: 'open' })
    expect(await endOf(file('ENOENT'))).toEqual({ message: 'a.csv is not there.', exitCode: 2 })
    expect(await endOf(file('ENOSPC'))).toEqual({ message: 'ENOSPC: x', exitCode: 1 })
  })
})

describe('a signature', () => {
  test('is the one of the example in AWS’s own description', () => {
    const credentials = {
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    }
    const request = {
      method: 'GET',
      url: new URL('https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08'),
      service: 'iam',
      region: 'us-east-1',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    }
    const { authorization } = signedHeaders(request, credentials, Date.UTC(2015, 7, 30, 12, 36))
    expect(authorization).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, ' +
        'SignedHeaders=content-type;host;x-amz-date, ' +
        'Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    )
  })

  test('covers the session token, the query and the path as it is sent', () => {
    const credentials = { accessKeyId: 'A', secretAccessKey: 'b', sessionToken: 'c' }
    const sign = (url: string) =>
      signedHeaders(
        { method: 'GET', url: new URL(url), service: 'execute-api', region: 'eu-west-1' },
        credentials,
        0,
      )
    const one = sign('https://api.example.com/admin/identities/auth0%7Cx/state')
    expect(one['x-amz-security-token']).toBe('c')
    expect(one['authorization']).toContain('SignedHeaders=host;x-amz-date;x-amz-security-token')
    const others = [
      'identities/auth0%7Cy/state',
      'identities?email=a%2Bb%40x.com',
      'identities?email=a%20b%40x.com',
    ]
    const signatures = others.map((rest) => sign(`https://api.example.com/admin/${rest}`)['authorization'])
    expect(new Set([one['authorization'], ...signatures]).size).toBe(4)
  })
})

describe('AWS’s own errors', () => {
  const arn = 'arn:aws:sts::123456789012:assumed-role/support/ann'
  let sts: Server
  beforeAll(async () => {
    sts = createServer((_, reply) =>
      reply.end(
        `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${arn}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`,
      ),
    )
    await new Promise<void>((done) => sts.listen(0, '127.0.0.1', done))
  })
  afterAll(() => sts.close())
  beforeEach(() => {
    vi.stubEnv('AWS_REGION', 'eu-west-3')
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
    vi.stubEnv('AWS_ENDPOINT_URL_STS', `http://127.0.0.1:${(sts.address() as AddressInfo).port}`)
  })
  afterEach(() => vi.unstubAllEnvs())

  const error = (name: string, message = name, code?: string) =>
    Object.assign(new Error(message), { name, ...(code && { code }) })
  const behind = (cause: Error) => new Unavailable('DynamoDB Query failed', cause)

  test.each([
    [
      'no credentials',
      error('CredentialsProviderError', 'Could not load credentials from any providers'),
      /^There are no AWS credentials .*eu-west-3/,
    ],
    ['no Region', error('Error', 'Region is missing'), /^No Region is set/],
    [
      'an expired role',
      error('ExpiredTokenException'),
      /^The credentials of access key AKIDEXAMPLE have expired \(Region eu-west-3\)/,
    ],
    [
      'credentials that are mistyped',
      error('UnrecognizedClientException'),
      /^AWS does not know the credentials of access key AKIDEXAMPLE in eu-west-3/,
    ],
    [
      'a missing right',
      error('AccessDeniedException', 'not authorized to perform: dynamodb:Query'),
      new RegExp(`^${arn} may not do this in eu-west-3: not authorized to perform: dynamodb:Query`),
    ],
    [
      'another Region',
      error('ResourceNotFoundException', 'Requested resource not found'),
      new RegExp(`^eu-west-3 has nothing by that name for ${arn}`),
    ],
    [
      'no network',
      error('Error', 'getaddrinfo ENOTFOUND dynamodb.eu-west-3.amazonaws.com', 'ENOTFOUND'),
      /^AWS could not be reached in eu-west-3 \(getaddrinfo ENOTFOUND/,
    ],
    [
      'too much at once',
      error('ThrottlingException'),
      new RegExp(`^AWS asks ${arn} to go slower in eu-west-3`),
    ],
  ])('%s has a sentence of its own, with whom and the Region it speaks of', async (_, cause, sentence) => {
    for (const thrown of [cause, behind(cause), behind(new AggregateError([cause]) as Error)])
      expect((await endOf(thrown)).message).toMatch(sentence)
  })

  test('what an operator does is entered under the ARN that AWS knows them by', async () => {
    expect(await actorOf(false)).toBe(arn)
  })

  test('an API that is not there is one sentence, though several questions were asked at once', async () => {
    const gone = createServer()
    await new Promise<void>((done) => gone.listen(0, '127.0.0.1', done))
    const { port } = gone.address() as AddressInfo
    await new Promise((done) => gone.close(done))
    const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env as Record<string, string>
    const environment = { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } as Record<string, string>
    const ran = await latchkeyProcess(['identity', 'find', 'ann@example.com'], {
      ...environment,
      API_URL: `http://127.0.0.1:${port}/live`,
    })
    expect(ran).toMatchObject({ code: 1, stdout: '' })
    expect(ran.stderr).toMatch(
      /^latchkey: AWS could not be reached in eu-west-3 \(connect ECONNREFUSED [^\n]*\n$/,
    )
  })

  test('the secret is in none of them', async () => {
    expect(await awsSentence(behind(error('InvalidClientTokenId')))).not.toContain('secret')
  })

  test('a defect of ours stays one, with its stack', async () => {
    const defect = new TypeError('x is not a function')
    expect(await awsSentence(defect)).toBeUndefined()
    expect((await endOf(defect)).message).toContain(' at ')
  })
})

test('a local stack that is there and does not answer is said to be busy, not missing', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1')
  await new Promise((resolve) => silent.once('listening', resolve))
  const { port } = silent.address() as AddressInfo
  // As if the time were over.
  const over = AbortSignal.abort(new DOMException('', 'TimeoutError'))
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(over)
  try {
    expect(await latchkey(['ledger', 'show', 'u-a', '--local', String(port)])).toEqual({
      code: 1,
      stdout: '',
      stderr: `latchkey: The local stack at port ${port} is busy: it has not answered for 120 s. Try again.\n`,
    })
  } finally {
    timeout.mockRestore()
    silent.close()
  }
})
