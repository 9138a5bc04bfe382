/** The stages of cdk.json, synthesized as they are deployed. */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { NIST80053R5Checks, ServerlessChecks } from 'cdk-nag'
import { Latchkey } from '../../infra/latchkey.ts'
import { readSettings } from '../../infra/stages.ts'
import type { Finding } from './judge.ts'
import { scratch } from './tools.ts'

const { context } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'cdk.json'), 'utf8')) as {
  readonly context: { readonly stages: Readonly<Record<string, unknown>> }
}

export const stages = Object.keys(context.stages)
export const templateFolder = join(scratch, 'templates')

export interface Synthesized {
  /** Files of its templates. */
  readonly templates: readonly string[]
  /** Those that moto is given, in the order in which they are deployed. */
  readonly deployed: readonly string[]
  /** How many resources they hold. */
  readonly resources: number
  /** What the packs of cdk-nag find beside the one that `cdk synth` itself is held to. */
  readonly findings: readonly Finding[]
}

function nagFindings(app: App, made: Latchkey): readonly Finding[] {
  const start = `${made.node.path}/`
  return [new ServerlessChecks(app), new NIST80053R5Checks(app)].flatMap((pack) =>
    pack.validateScope(made).violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath = '' }) => ({
        tool: 'cdk-nag' as const,
        rule: ruleName,
        resource: constructPath.replace(start, '').replace(/\/Resource$/, ''),
      })),
    ),
  )
}

/** Builds functions and pages, and writes the templates under `templateFolder`. */
export function synthesize(stage: string): Synthesized {
  const outdir = join(templateFolder, stage)
  rmSync(outdir, { recursive: true, force: true })
  const app = new App({ context, outdir, analyticsReporting: false })
  const made = new Latchkey(app, `latchkey-${stage}`, { stage, settings: readSettings(app.node, stage) })
  const assembly = app.synth()
  const { stacks } = assembly
  const sizes = stacks.map(({ template }) => Object.keys(template.Resources).length)
  return {
    templates: stacks.map(({ templateFullPath }) => templateFullPath),
    deployed: (['data', 'service', 'workers'] as const).map(
      (part) => assembly.getStackByName(made[part].stackName).templateFullPath,
    ),
    resources: sizes.reduce((sum, size) => sum + size, 0),
    findings: nagFindings(app, made),
  }
}
