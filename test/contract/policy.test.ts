/** Rules of the code base that no compiler holds: layers, clock, chance, and whom a handler believes. */
import { describe, expect, test } from 'vitest'
import { deployed, matching, reachedFrom, sourcesIn } from './sources.ts'

const sources = deployed()
const pure = /^shared\/(domain|ledger|contract)\/|^shared\/policy\.ts$/
const isNot = (pattern: RegExp) => (path: string) => !pattern.test(path)

test('there is something to look at', () => {
  expect(sources.length).toBeGreaterThan(80)
  expect(sources.flatMap(({ imports }) => imports)).toContain('shared/stores/database.ts')
})

describe('layers', () => {
  test('what is deployed imports nothing of the local stack, the tests, the CDK app or the command line', () => {
    const wrong = sources.flatMap(({ path, imports }) =>
      imports
        .filter((name) => /^(local|test|infra|cli|bench|docs|aws-cdk-lib)(\/|$)/.test(name))
        .map((name) => [path, name]),
    )
    expect(wrong).toEqual([])
  })

  test('every import of a project file leads to a file that is there', () => {
    const paths = new Set(sources.map(({ path }) => path))
    const lost = sources.flatMap(({ imports }) =>
      imports.filter((name) => /^(shared|functions)\//.test(name) && !paths.has(name)),
    )
    expect(lost).toEqual([])
  })

  test('functions import neither each other nor an AWS client', () => {
    const functions = sources.filter(({ path }) => path.startsWith('functions/'))
    const imported = functions.flatMap(({ imports }) => imports)
    expect(imported.filter((name) => /^(functions\/|@aws-sdk\/)/.test(name))).toEqual([])
  })

  test('rules and the ledger’s format reach no service, store or edge, however far one follows the imports', () => {
    const reached = sources
      .filter(({ path }) => /^shared\/(ledger|contract)\//.test(path))
      .flatMap(({ path }) => [...reachedFrom(path, sources)])
    expect(reached.filter((path) => /^shared\/(stores|edge|steps|delivery)\//.test(path))).toEqual([])
    const imported = sources.filter(({ path }) => pure.test(path)).flatMap(({ imports }) => imports)
    expect(imported.filter((name) => /^(@aws-sdk|@middy)\//.test(name))).toEqual([])
  })
})

describe('clock and chance', () => {
  test('only edge, workers, what they deliver, stores and crypto read the clock', () => {
    const readers = matching(sources, /\bDate\.now\(|new Date\(\)|performance\.now\(/)
    expect(readers.filter(isNot(/^shared\/(edge|stores|crypto|delivery)\/|^functions\/workers\//))).toEqual(
      [],
    )
    expect(readers.filter((path) => pure.test(path))).toEqual([])
  })

  test('chance is made in crypto and stores', () => {
    const makers = matching(
      sources,
      /\brandom(Bytes|UUID|Int|FillSync)\s*\(|\bMath\.random\(|getRandomValues/,
    )
    // The pause before a retry is one that nobody has to be unable to foresee.
    expect(makers.filter(isNot(/^shared\/(crypto|stores)\/|\/patience\.ts$/))).toEqual([])
  })

  test('Math.random makes nothing but the pause before a retry', () => {
    expect(matching(sources, /\bMath\.random\(/)).toEqual([
      'shared/delivery/patience.ts',
      'shared/stores/database.ts',
      'shared/stores/event-bus.ts',
    ])
  })
})

describe('whom a handler believes', () => {
  test('no code reads Host, Forwarded or X-Forwarded headers', () => {
    expect(matching(sources, /x-forwarded|['"`]forwarded['"`]|['"`]host['"`]|x-real-ip|domainName/i)).toEqual(
      [],
    )
  })

  test('the caller’s address and the admin’s name are read in one place, from the request context', () => {
    expect(matching(sources, /sourceIp/)).toEqual(['shared/edge/request.ts'])
    expect(matching(sources, /userArn/)).toEqual(['shared/edge/request.ts'])
  })

  test('headers are read in the edge alone', () => {
    expect(matching(sources, /event\.headers/).filter(isNot(/^shared\/edge\//))).toEqual([])
  })
})

describe('habits', () => {
  const own = ['functions', 'shared', 'local', 'infra'].flatMap(sourcesIn)

  test('what is deployed writes to the log in one place, never by console', () => {
    expect(matching(sources, /\bconsole\./)).toEqual([])
    const loggers = sources.filter(({ imports }) => imports.includes('@aws-lambda-powertools/logger'))
    expect(loggers.map(({ path }) => path)).toEqual(['shared/call/log.ts'])
  })

  test('nothing is of the type any, and no check is switched off', () => {
    expect(matching(own, /:\s*any\b|<any>|\bas any\b|any\[\]/)).toEqual([])
    const switched = own.filter(({ text }) => /@ts-(ignore|nocheck|expect-error)|biome-ignore/.test(text))
    expect(switched.map(({ path }) => path)).toEqual([])
  })

  test('no default exports, and no file grows beyond four hundred lines', () => {
    expect(matching(own, /^export default/m)).toEqual([])
    const long = own.filter(
      ({ path, text }) => text.split('\n').length > 401 && !path.endsWith('common-passwords.ts'),
    )
    expect(long.map(({ path }) => path)).toEqual([])
  })

  test('code branches on a flow’s columns, never on its name', () => {
    const named =
      /===\s*['"](password-email|password-email-basic|password-two-factor|pin-reset|step-up|login-mfa)['"]/
    expect(matching(sources, named)).toEqual([])
  })

  test('functions are short: load, decide, commit, reply', () => {
    const long = sources.filter(
      ({ path, text }) => path.startsWith('functions/') && text.trimEnd().split('\n').length > 60,
    )
    expect(long.map(({ path }) => path)).toEqual([])
  })

  test('who decides writes no expression, and takes nothing of the database but its types', () => {
    const deciding = sources.filter(({ path }) => /^(functions|shared\/(steps|delivery|call))\//.test(path))
    expect(matching(deciding, /['"`](SET|REMOVE|ADD|DELETE) /)).toEqual([])
    expect(matching(deciding, /import (?!type )[^;'"]*['"](#shared|\.\.)\/stores\/database\.ts/)).toEqual([])
    expect(matching(deciding, /\b(refused|met)\(\d/)).toEqual([])
  })

  test('the epoch that ends sessions, codes and tokens goes on in one expression and one rule', () => {
    expect(matching(sources, /credentialEpoch \+/)).toEqual([
      'shared/domain/identity.ts',
      'shared/stores/identity-changes.ts',
    ])
    const texts = sources.filter(({ path }) => path === 'shared/stores/identity-changes.ts')
    expect(texts[0]?.code.split('credentialEpoch +')).toHaveLength(2)
  })

  test('how the keys of items begin stands on one page, but for the outbox', () => {
    expect(matching(sources, /['"`][A-Z]#/)).toEqual(['shared/stores/keys.ts', 'shared/stores/outbox.ts'])
  })

  test('a register is shifted, and a limit that was reached recorded, in one place each', () => {
    expect(matching(sources, /if_not_exists\(s\$/)).toEqual(['shared/stores/registers.ts'])
    expect(matching(sources, /type: 'LIMIT_REACHED'/)).toEqual(['shared/steps/limits.ts'])
  })

  test('only stores speak to DynamoDB', () => {
    const speakers = sources.filter(({ imports }) =>
      imports.some((name) => /^@aws-sdk\/(lib|client)-dynamodb$/.test(name)),
    )
    expect(speakers.map(({ path }) => path).filter(isNot(/^shared\/stores\//))).toEqual([])
    expect(speakers.length).toBeGreaterThan(0)
  })
})
