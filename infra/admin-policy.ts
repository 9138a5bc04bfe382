/**
 * The API's own policy, where a stage names who may call the admin routes. AWS lets a caller of the same account in if the role's
 * policy or the API's allows it, so this one allows nothing of `/admin`: it refuses it to all others, and each role that is named
 * still needs the right to each route that it calls.
 */
import * as iam from 'aws-cdk-lib/aws-iam'
import { routes } from '../shared/contract/routes.ts'
import type { StageConfig } from './config.ts'
import { stageName } from './firewall.ts'
import { canary, roleArnPattern } from './roles.ts'

/** First parts of paths, such as `/auth`. Named one by one, as a policy that misses one refuses it, and does not let it in. */
const firstParts = [...new Set(Object.values(routes).map(({ path }) => `/${path.split('/')[1]}`))].sort()
const adminPart = '/admin'

/**
 * A star reaches over slashes: one in place of the method would let `PUT /admin/identities/auth0|7` pass for a path that begins
 * with `/auth`. So methods are named, those too that are answered by 405.
 */
const methods = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'] as const

/** All that begins so, in the short form that API Gateway makes whole. */
const beginningWith = (part: string) => methods.map((method) => `execute-api:/${stageName}/${method}${part}*`)

/** @returns undefined where the stage names nobody: IAM alone decides, and every path has its answer */
export function adminPolicy({
  stage,
  adminRoles,
  canary: watching,
}: StageConfig): iam.PolicyDocument | undefined {
  if (adminRoles === undefined) return undefined
  // What they may do there is said by their rights: support's routes, and the canary's one PUT for a person of its own.
  const own: Parameters<typeof roleArnPattern>[1][] = ['support']
  if (watching !== undefined) own.push(canary)
  const anyone = { principals: [new iam.AnyPrincipal()], actions: ['execute-api:Invoke'] }
  const open = firstParts.filter((part) => part !== adminPart)
  return new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({ sid: 'Routes', ...anyone, resources: open.flatMap(beginningWith) }),
      new iam.PolicyStatement({
        sid: 'AdminForTheseAlone',
        effect: iam.Effect.DENY,
        ...anyone,
        resources: beginningWith(adminPart),
        conditions: {
          ArnNotLike: { 'aws:PrincipalArn': [...adminRoles, ...own.map((id) => roleArnPattern(stage, id))] },
        },
      }),
    ],
  })
}
