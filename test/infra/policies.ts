/** Reads IAM policies out of the templates as plain lists: who may do what to what. */
import { ofType, type Resources, type Stacks } from './synth.ts'

interface Statement {
  readonly Effect: 'Allow' | 'Deny'
  readonly Action: string | readonly string[]
  readonly Resource: unknown
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

const listed = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T])

/** Name of a resource of the other stack, or of this one, by the logical id it refers to. */
function nameOf(value: unknown): string {
  if (typeof value === 'string') return value
  const record = value as Record<string, unknown>
  if ('Fn::ImportValue' in record) return importedName(String(record['Fn::ImportValue']))
  if ('Fn::GetAtt' in record)
    return (record['Fn::GetAtt'] as string[]).join('.').replace(/[0-9A-F]{8}\./, '.')
  if ('Ref' in record) return String(record['Ref'])
  if ('Fn::Sub' in record) return String(record['Fn::Sub'])
  if ('Fn::Join' in record) {
    const [separator, parts] = record['Fn::Join'] as [string, unknown[]]
    return parts.map(nameOf).join(separator)
  }
  throw new Error(`Cannot name ${JSON.stringify(value)}`)
}

/** `...ExportsOutputFnGetAttLedgerTable1A2B3C4DArn5E6F7A8B` is `LedgerTable.Arn`. */
const importedName = (name: string) =>
  name
    .replace(/^.*ExportsOutput(?:FnGetAtt|Ref)/, '')
    .replace(/^(.*)[0-9A-F]{8}([A-Z][a-z][A-Za-z]*)[0-9A-F]{8}$/, '$1.$2')

/** Of a condition: what is compared with what; roles by their paths. */
const conditionText = (condition: Readonly<Record<string, Readonly<Record<string, unknown>>>>) =>
  Object.entries(condition)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(
        ([key, value]) =>
          `${operator} ${key} ${listed(value)
            .map(nameOf)
            .join(' ')
            .replaceAll(/arn:AWS::Partition:iam::AWS::AccountId:role/g, '')}`,
      ),
    )
    .join(' and ')

/** `Effect action resource [condition]`, one line each, sorted. */
export function linesOf(statements: readonly Statement[]): string[] {
  const lines = statements.flatMap((statement) =>
    listed(statement.Action).flatMap((action) =>
      listed(statement.Resource).map((resource) => {
        const condition = statement.Condition ? ` if ${conditionText(statement.Condition)}` : ''
        return `${statement.Effect} ${action} ${nameOf(resource)}${condition}`
      }),
    ),
  )
  return lines.sort()
}

/** Lines of each role, by the part of its path that names the function. */
export function roleLines({ service }: Stacks): ReadonlyMap<string, string[]> {
  const roles = ofType(service, 'AWS::IAM::Role')
  return new Map(
    roles.flatMap(([id, role]) => {
      const path = role.Properties.Path as string | undefined
      if (path === undefined) return []
      return [[path.split('/').at(-2) ?? '', policyLines(service, id)] as const]
    }),
  )
}

function policyLines(resources: Resources, roleId: string): string[] {
  const policies = ofType(resources, 'AWS::IAM::Policy').filter(([, policy]) =>
    (policy.Properties.Roles as { Ref: string }[]).some((role) => role.Ref === roleId),
  )
  return policies.flatMap(([, policy]) => linesOf(policy.Properties.PolicyDocument.Statement)).sort()
}

/** Longer than any ARN of a table, key or log group that CloudFormation puts in. */
const longArn = 'x'.repeat(150)

/** Characters of each role's own policies as IAM counts them, without white space. */
export function policySizes({ service }: Stacks): ReadonlyMap<string, number> {
  const policies = ofType(service, 'AWS::IAM::Policy')
  const sizeOf = (document: unknown) =>
    JSON.stringify(document, (_name, value) =>
      typeof value === 'object' && value !== null && Object.keys(value)[0]?.match(/^(Fn::|Ref$)/)
        ? longArn
        : value,
    ).length
  return new Map(
    ofType(service, 'AWS::IAM::Role').map(([id]) => {
      const own = policies.filter(([, { Properties }]) =>
        (Properties.Roles as { Ref: string }[]).some((role) => role.Ref === id),
      )
      return [id, own.reduce((total, [, { Properties }]) => total + sizeOf(Properties.PolicyDocument), 0)]
    }),
  )
}
