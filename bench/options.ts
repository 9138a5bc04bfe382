/** What the command line asks for. */
import { parseArgs } from 'node:util'

export interface Options {
  /** Where to write the figures as JSON. */
  readonly json?: string
  /** Names of figures, or of their groups (`auc`, `aws_calls`); all when absent. */
  readonly only?: readonly string[]
  /** Pairs of requests per route of the timing test. */
  readonly pairs: number
  /** Each measure in short: whether it runs, not what it finds. */
  readonly quick: boolean
}

export const usage =
  'Usage: npm run bench -- [--json FILE] [--only NAME[,NAME]] [--pairs N] [--quick]\n' +
  'NAME is a figure (cpu_ratio, auc.login) or the part of its name before the dot (auc).\n' +
  '--quick runs each measure in short, to see that it does: its figures say nothing.'

const defaultPairs = { long: 3000, quick: 10 } as const

/** @throws Error with one sentence on what is wrong */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'string' },
      only: { type: 'string' },
      pairs: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  })
  const { quick } = values
  const pairs = values.pairs === undefined ? defaultPairs[quick ? 'quick' : 'long'] : Number(values.pairs)
  if (!Number.isInteger(pairs) || pairs < 10 || pairs > 100_000)
    throw new Error('--pairs must be a whole number from 10 to 100000')
  const only = values.only?.split(',').map((name) => name.trim())
  if (only?.includes('')) throw new Error('--only must be names with commas between them')
  return { pairs, quick, ...(values.json !== undefined && { json: values.json }), ...(only && { only }) }
}

/** Whether a figure was asked for, by its name or its group's. */
export function isWanted(name: string, only: Options['only']): boolean {
  return only === undefined || only.some((wanted) => name === wanted || name.startsWith(`${wanted}.`))
}
