/** Names of the attributes that expressions of DynamoDB speak of: what IAM judges as `dynamodb:Attributes`. */

const keywords = new Set(['SET', 'REMOVE', 'ADD', 'DELETE', 'AND', 'OR', 'NOT', 'BETWEEN', 'IN'])

/** A name or placeholder, with what stands before and after it. */
const token = /(?<before>[.:]?)(?<name>#\w+|[A-Za-z_]\w*)(?<call>\s*\()?/g

/**
 * @param expression condition, update, filter, projection or key condition
 * @param aliases `ExpressionAttributeNames`
 * @returns top-level attributes, each once
 */
export function attributesIn(
  expression: string,
  aliases: Readonly<Record<string, string>> | undefined,
): Set<string> {
  const found = new Set<string>()
  for (const { groups } of expression.matchAll(token)) {
    const { before, name = '', call } = groups ?? {}
    // A value, a part of a path, or a function.
    if (before || (call && !keywords.has(name.toUpperCase()))) continue
    if (name.startsWith('#')) found.add(aliases?.[name] ?? name)
    else if (!keywords.has(name.toUpperCase())) found.add(name)
  }
  return found
}
