/** Reads IAM policies out of the templates as plain lists: who may do what to what. */
import { ofType, type Resources, type Stacks } from './synth.ts'

interface Statement {
  readonly Effect: 'Allow' | 'Deny'
  readonly Action: string | readonly string[]
  readonly Resource: unknown
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

const listed = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T])

/** What a value refers to, without the part of its name that is a hash. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  const record = value as Record<string, unknown>
  if ('Fn::GetAtt' in record)
    return (record['Fn::GetAtt'] as string[]).join('.').replace(/[0-9A-F]{8}\./, '.')
  if ('Ref' in record) return String(record['Ref'])
  if ('Fn::Sub' in record) return String(record['Fn::Sub'])
  if ('Fn::Select' in record) {
    const [place, { 'Fn::Split': split }] = record['Fn::Select'] as [number, { 'Fn::Split': unknown[] }]
    return `${textOf(split[1])}[${place}]`
  }
  if ('Fn::Join' in record) {
    const [separator, parts] = record['Fn::Join'] as [string, unknown[]]
    return parts.map(textOf).join(separator)
  }
  throw new Error(`Cannot name ${JSON.stringify(value)}`)
}

/**
 * Name of a resource of this stack, or of the data stack, whose names come as parameters: the first of the list
 * `CredentialKeys` is `CredentialKey1`.
 */
const nameOf = (value: unknown): string =>
  textOf(value)
    .replace(/^arn:AWS::Partition:(?:dynamodb|kms):AWS::Region:AWS::AccountId:(?:table|key)\/(.+)$/, '$1.Arn')
    .replace(/^arn:AWS::Partition:s3:::(LedgerBucket)/, '$1.Arn')
    .replace(/^(.*Key)s\[(\d+)\]/, (_all, key: string, place: string) => `${key}${Number(place) + 1}`)
    .replace(/^(.*)Stream$/, '$1Table.StreamArn')

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
export function roleLines({ code }: Stacks): ReadonlyMap<string, string[]> {
  const roles = ofType(code, 'AWS::IAM::Role')
  return new Map(
    roles.flatMap(([id, role]) => {
      const path = role.Properties.Path as string | undefined
      if (path === undefined) return []
      return [[path.split('/').at(-2) ?? '', policyLines(code, id)] as const]
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
export function policySizes({ code }: Stacks): ReadonlyMap<string, number> {
  const policies = ofType(code, 'AWS::IAM::Policy')
  const sizeOf = (document: unknown) =>
    JSON.stringify(document, (_name, value) =>
      typeof value === 'object' && value !== null && Object.keys(value)[0]?.match(/^(Fn::|Ref$)/)
        ? longArn
        : value,
    ).length
  return new Map(
    ofType(code, 'AWS::IAM::Role').map(([id]) => {
      const own = policies.filter(([, { Properties }]) =>
        (Properties.Roles as { Ref: string }[]).some((role) => role.Ref === id),
      )
      return [id, own.reduce((total, [, { Properties }]) => total + sizeOf(Properties.PolicyDocument), 0)]
    }),
  )
}
