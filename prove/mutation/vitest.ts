/** Stands in for vitest in a process that runs the same tests a thousand times: the few words that the tests use. */
import type * as Expect from 'vitest'

type Run = (...given: never[]) => unknown

interface Hooks {
  readonly beforeAll: Run[]
  readonly afterAll: Run[]
  readonly beforeEach: Run[]
  readonly afterEach: Run[]
}

interface Suite extends Hooks {
  readonly parent: Suite | undefined
  ready: boolean
}

export interface Test {
  readonly suites: readonly Suite[]
  readonly run: () => unknown
}

const newSuite = (parent: Suite | undefined): Suite => ({
  parent,
  ready: false,
  beforeAll: [],
  afterAll: [],
  beforeEach: [],
  afterEach: [],
})

let suite = newSuite(undefined)
let collected: Test[] = []

/** @returns the tests that a file registers while it is loaded. */
export async function collect(load: () => Promise<unknown>): Promise<readonly Test[]> {
  suite = newSuite(undefined)
  collected = []
  await load()
  return collected
}

/** From the outermost to the one that holds the test. */
function suitesOf(innermost: Suite): Suite[] {
  const suites: Suite[] = []
  for (let each: Suite | undefined = innermost; each !== undefined; each = each.parent) suites.unshift(each)
  return suites
}

/** Calls once for each row, as the printed tables of vitest do. */
const eachRow = (register: (name: string, run: Run) => void) => (rows: readonly unknown[]) => {
  return (name: string, run: Run) => {
    const areArrays = rows.every((row) => Array.isArray(row))
    for (const row of rows) {
      const given = (areArrays ? row : [row]) as never[]
      register(name, () => run(...given))
    }
  }
}

function addTest(_name: string, run: Run): void {
  collected.push({ suites: suitesOf(suite), run: () => run() })
}

function addSuite(_name: string, run: Run): void {
  const outer = suite
  suite = newSuite(outer)
  run()
  suite = outer
}

export const test = Object.assign(addTest, { each: eachRow(addTest) })
export const it = test
export const describe = Object.assign(addSuite, { each: eachRow(addSuite) })

const hook = (name: keyof Hooks) => (run: Run) => void suite[name].push(run)
export const beforeAll = hook('beforeAll')
export const afterAll = hook('afterAll')
export const beforeEach = hook('beforeEach')
export const afterEach = hook('afterEach')

async function runAll(runs: readonly Run[]): Promise<void> {
  for (const run of runs) await run()
}

/** What comes before the first test of a suite, once. */
export async function prepareTest({ suites }: Test): Promise<void> {
  for (const each of suites) {
    if (!each.ready) await runAll(each.beforeAll)
    each.ready = true
  }
}

/** Runs one test. @throws what it throws */
export async function runTest(test: Test): Promise<void> {
  await prepareTest(test)
  const { suites, run } = test
  try {
    for (const each of suites) await runAll(each.beforeEach)
    await run()
  } finally {
    for (const each of suites.toReversed()) await runAll(each.afterEach)
  }
}

export async function endTests(tests: readonly Test[]): Promise<void> {
  for (const each of new Set(tests.flatMap(({ suites }) => suites)))
    if (each.ready) await runAll(each.afterAll)
}

/** Installed beside this file only, so the compiler does not know it. */
const name = '@vitest/expect'
const library = (await import(name)) as {
  readonly chai: {
    use(plugin: unknown): void
    expect: object & ((value: unknown, message?: string) => unknown)
  }
  readonly JestExtend: unknown
  readonly JestChaiExpect: unknown
  readonly JestAsymmetricMatchers: unknown
  readonly ASYMMETRIC_MATCHERS_OBJECT: symbol
  readonly setState: (state: object, expect: unknown) => void
}
const { chai } = library
chai.use(library.JestExtend)
chai.use(library.JestChaiExpect)
chai.use(library.JestAsymmetricMatchers)
const asymmetric = (globalThis as Record<symbol, object>)[library.ASYMMETRIC_MATCHERS_OBJECT]
const judge = (value: unknown, message?: string) => chai.expect(value, message)
export const expect = Object.assign(judge, chai.expect, asymmetric) as unknown as typeof Expect.expect
library.setState({ assertionCalls: 0 }, expect)

interface Spy {
  (...given: unknown[]): unknown
  mock: { calls: unknown[][]; results: { type: string; value: unknown }[] }
  mockClear(): Spy
  mockReturnValue(value: unknown): Spy
}

/** A function that notes its calls. */
export function spyOf(real: (...given: unknown[]) => unknown): Spy {
  let answer = real
  const spy: Spy = Object.assign(
    (...given: unknown[]) => {
      spy.mock.calls.push(given)
      const value = answer(...given)
      spy.mock.results.push({ type: 'return', value })
      return value
    },
    {
      mock: { calls: [], results: [] } as Spy['mock'],
      mockClear: () => {
        spy.mock = { calls: [], results: [] }
        return spy
      },
      mockReturnValue: (value: unknown) => {
        answer = () => value
        return spy
      },
    },
  )
  return spy
}

type Holder = Record<string, unknown>

/** The modules that tests mock are spied on from the start: see the hooks of this process. */
export const vi = {
  fn: spyOf,
  mock: () => undefined,
  mocked: <T>(value: T) => value,
  spyOn(holder: Holder, name: string, access?: 'get') {
    const before = Object.getOwnPropertyDescriptor(holder, name)
    const spy = spyOf(() => (before?.get === undefined ? before?.value : before.get.call(holder)))
    const descriptor = access === 'get' ? { get: spy } : { value: spy, writable: true }
    Object.defineProperty(holder, name, { configurable: true, enumerable: true, ...descriptor })
    const mockRestore = () =>
      Object.defineProperty(holder, name, before ?? { configurable: true, value: undefined })
    return Object.assign(spy, { mockRestore })
  },
}
