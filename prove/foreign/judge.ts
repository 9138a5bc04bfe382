/** What foreign tools find in the templates, and what was judged of it: a pure decision. */

export type Tool = 'cfn-lint' | 'checkov' | 'cdk-nag'

export interface Finding {
  readonly tool: Tool
  readonly rule: string
  /** As the tool names it, without the stage: a logical id, `TYPE.LOGICAL_ID`, or the path of a construct. */
  readonly resource: string
}

/** Findings that are meant as they are. */
export interface Judged {
  readonly tool: Tool
  readonly rule: string
  /** Of the resources it speaks of; none: of all that the rule finds. */
  readonly resource?: RegExp
  readonly reason: string
}

export interface Verdict {
  /** Findings that nobody has judged. */
  readonly open: readonly Finding[]
  /** Exceptions that no finding needs any more. */
  readonly idle: readonly Judged[]
  readonly judged: number
}

const speaksOf = ({ tool, rule, resource }: Judged, finding: Finding) =>
  tool === finding.tool && rule === finding.rule && (resource?.test(finding.resource) ?? true)

/** Over the findings of all stages: an exception may be needed by one of them alone. */
export function judge(findings: readonly Finding[], list: readonly Judged[]): Verdict {
  const open = findings.filter((finding) => !list.some((each) => speaksOf(each, finding)))
  return {
    open,
    idle: list.filter((each) => !findings.some((finding) => speaksOf(each, finding))),
    judged: findings.length - open.length,
  }
}
