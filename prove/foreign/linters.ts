/** cfn-lint and checkov over templates. */
import type { Finding } from './judge.ts'
import { askJson, installed } from './tools.ts'

type Report = (line: string) => void

interface Lint {
  readonly Rule: { readonly Id: string }
  readonly Location: { readonly Path: readonly (string | number)[] | null }
}

/** Errors and warnings; its remarks are of style, such as Fn::Sub in place of the Fn::Join that the CDK writes. */
export function lint(templates: readonly string[], report: Report): readonly Finding[] {
  const said = askJson(installed('cfn-lint', report), ['--format', 'json', '--', ...templates])
  return (said as readonly Lint[]).map(({ Rule, Location }) => ({
    tool: 'cfn-lint',
    rule: Rule.Id,
    // Of a path such as Resources, ID, Properties; what is said of the whole template has none.
    resource: String(Location.Path?.[1] ?? 'the template'),
  }))
}

interface Checked {
  readonly summary: { readonly passed: number; readonly parsing_errors: number }
  readonly results: {
    readonly failed_checks: readonly { readonly check_id: string; readonly resource: string }[]
  }
}

/** @throws Error where it could not read a template */
export function check(
  folder: string,
  report: Report,
): { readonly findings: readonly Finding[]; readonly passed: number } {
  const said = askJson(installed('checkov', report), [
    ...['--directory', folder, '--framework', 'cloudformation', '--output', 'json'],
    // It sends nothing and asks for nothing from elsewhere.
    ...['--quiet', '--compact', '--skip-download'],
  ])
  const { summary, results } = said as Checked
  if (summary.parsing_errors > 0)
    throw new Error(`checkov could not read ${summary.parsing_errors} templates`)
  const findings = results.failed_checks.map(({ check_id, resource }) => ({
    tool: 'checkov' as const,
    rule: check_id,
    resource,
  }))
  return { findings, passed: summary.passed }
}
