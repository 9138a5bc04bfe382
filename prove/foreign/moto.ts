/** The stacks of a stage, created by moto's CloudFormation: what refers to what, and the types of what is given, read by somebody else. */
import { join } from 'node:path'
import * as z from 'zod'
import { askJson, installed } from './tools.ts'

const results = z.array(
  z.object({ made: z.number(), of: z.number(), leftOut: z.number(), error: z.string().optional() }),
)
export type Created = z.output<typeof results>[number]

/**
 * @param templates in the order in which they are deployed
 * @returns for each how many resources were made, of how many that moto knows
 * @throws Error where it cannot be installed, or says something else
 */
export function createInMoto(templates: readonly string[], report: (line: string) => void): Created[] {
  const script = join(import.meta.dirname, 'in_moto.py')
  return results.parse(askJson(installed('moto', report), [script, ...templates]))
}
