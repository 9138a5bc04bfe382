/** What commands are drawn from: whose calls they are, what they carry and how that is spoilt. */
import fc from 'fast-check'
import type { World } from '#test/support/world.ts'
import type { Model } from './state.ts'

type Run = (model: Model, world: World) => Promise<void>

class Command implements fc.AsyncCommand<Model, World> {
  readonly name: string
  readonly given: unknown
  readonly run: Run
  constructor(name: string, given: unknown, run: Run) {
    this.name = name
    this.given = given
    this.run = run
  }
  check = () => true
  toString = () => `${this.name} ${JSON.stringify(this.given)}`
}

export type Commands = fc.Arbitrary<Command>

export const command = <Given>(
  name: string,
  given: fc.Arbitrary<Given>,
  run: (model: Model, world: World, given: Given) => Promise<void>,
): Commands => given.map((value) => new Command(name, value, (model, world) => run(model, world, value)))

/** True once in `of`. */
export const seldom = (of: number) => fc.nat({ max: of - 1 }).map((drawn) => drawn === of - 1)
export const person = fc.nat({ max: 2 })
const fault = fc.oneof(
  { weight: 14, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom('fail-before' as const, 'fail-after' as const) },
)

/** The reference of the message: most people do not type it. */
const ref = fc.oneof(
  { weight: 6, arbitrary: fc.constant('none' as const) },
  { weight: 2, arbitrary: fc.constant('right' as const) },
  { weight: 1, arbitrary: fc.constant('wrong' as const) },
)

export const aims = fc.record({
  flow: fc.nat({ max: 3 }),
  person,
  alias: fc.boolean(),
  back: fc.nat({ max: 3 }),
  own: seldom(4).map((stray) => !stray),
  wrong: seldom(4),
  named: fc.boolean(),
  ref,
  byToken: fc.boolean(),
  reuse: seldom(8),
  breached: seldom(12),
  fault,
})
export const sessionAims = fc.record({
  person,
  back: fc.nat({ max: 4 }),
  alias: fc.nat({ max: 2 }),
  wrong: seldom(4),
  astray: seldom(5),
  named: fc.boolean(),
  ref,
  more: seldom(4),
  fault,
})
/** As many changes as there are, and once more with an email that is taken. */
export const adminAims = fc.record({ person, change: fc.nat({ max: 21 }), fault })
