/** `npm run prove -- foreign`: the synthesized templates, judged by tools that nobody here wrote. */
import { type Measured, measured } from '../bench/figures.ts'
import { flowsOverMoto, leastFlows } from './foreign/flows.ts'
import { type Finding, judge, type Tool } from './foreign/judge.ts'
import { judgedFindings } from './foreign/judged.ts'
import { check, lint } from './foreign/linters.ts'
import { createInMoto } from './foreign/moto.ts'
import { stages, synthesize, templateFolder } from './foreign/templates.ts'
import type { Proof } from './proof.ts'

const nameOf = ({ tool, rule, resource }: Finding) => `${tool} ${rule} on ${resource}`

function* verdict(
  tool: Tool,
  findings: readonly Finding[],
  report: (line: string) => void,
): Generator<Measured> {
  const list = judgedFindings.filter((each) => each.tool === tool)
  const { open, idle, judged } = judge(findings, list)
  for (const line of new Set(open.map(nameOf))) report(`not judged: ${line}`)
  for (const { rule, reason } of idle) report(`judged, but no longer found: ${tool} ${rule}: ${reason}`)
  yield measured(`foreign.${tool}.judged`, judged, `findings by ${list.length}`)
  yield measured(`foreign.${tool}.not_judged`, open.length, 'findings', { most: 0 })
  yield measured(`foreign.${tool}.idle`, idle.length, 'exceptions', { most: 0 })
}

export const proof: Proof = {
  about:
    'The templates of all stages under cfn-lint, checkov and further packs of cdk-nag: each finding has its reason, each reason its finding; and made by moto’s CloudFormation, with flows over its DynamoDB (needs python3; it installs the tools under .data).',
  async *run(_values, report) {
    const made = stages.map(synthesize)
    const resources = made.reduce((sum, each) => sum + each.resources, 0)
    yield measured('foreign.resources', resources, `of ${stages.length} stages`, { least: 1 })
    yield* verdict(
      'cdk-nag',
      made.flatMap(({ findings }) => findings),
      report,
    )
    yield* verdict(
      'cfn-lint',
      made.flatMap(({ templates }) => lint(templates, report)),
      report,
    )
    const { findings, passed } = check(templateFolder, report)
    yield measured('foreign.checkov.passed', passed, 'checks', { least: 1 })
    yield* verdict('checkov', findings, report)
    const deployed = made.at(-1)?.deployed ?? []
    for (const [place, created] of createInMoto(deployed, report).entries()) {
      const remark = created.error ?? `${created.leftOut} left out, as moto lacks them`
      const name = `foreign.moto.${['data', 'service', 'workers'][place]}`
      yield measured(name, created.made, `of ${created.of}`, { least: created.of }, remark)
    }
    const flows = await flowsOverMoto(report)
    for (const title of flows.failed) report(`over moto: ${title}`)
    yield measured('foreign.moto.flows', flows.passed, 'tests over its DynamoDB', {
      least: leastFlows,
    })
    yield measured('foreign.moto.flows_failed', flows.failed.length, 'tests', { most: 0 })
  },
}
