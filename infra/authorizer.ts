/** `authorize` before a team's own API Gateway: a construct for REST and HTTP APIs, in any stack of the app. */
import { Duration, Stack, Stage } from 'aws-cdk-lib'
import * as apigateway from 'aws-cdk-lib/aws-apigateway'
import * as authorizers from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import type * as lambda from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { needs as allNeeds, type Need } from '../shared/domain/needs.ts'
import { dataFor } from './data.ts'
import type { Latchkey } from './latchkey.ts'
import { authorizer } from './roles.ts'
import { StepFunction } from './step-function.ts'

export interface LatchkeyAuthorizerProps {
  /** The stage whose sessions it knows; in an app without one, what `readStage` gives, and `packagedCode`. */
  readonly latchkey: Pick<Latchkey, 'config' | 'codeOf'> & Partial<Pick<Latchkey, 'data'>>
  /** What every route needs that `routes` does not name; nothing but a live session by default. */
  readonly needs?: readonly Need[]
  /**
   * What a route needs, by method and path as API Gateway names them: `POST /transfers/{id}`, `ANY /cards`, `$default`. What is said of
   * a method holds where the route is one of ANY too; what is said of ANY, for methods that nothing is said of.
   */
  readonly routes?: Readonly<Record<string, readonly Need[]>>
  /**
   * How long API Gateway may keep an answer, for one token, method and path; 0 by default. For as long a session that a
   * reset, a sign-out or a suspension ended, and a factor that is over, still pass: that much of G6 it costs.
   */
  readonly cacheSeconds?: number
}

/** `METHOD /path`, as a REST API and an HTTP API name their routes; `$default` is an HTTP API's alone. */
const routeName = /^(?:(?:ANY|GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \/\S*|\$default)$/

/** @throws Error that names what could never be met, or would never be asked */
function checkNeeds(routes: Readonly<Record<string, readonly Need[]>>): void {
  for (const [route, needs] of Object.entries(routes)) {
    if (route !== '*' && !routeName.test(route))
      throw new Error(
        `LatchkeyAuthorizer: "${route}" is no route; write METHOD /path, such as POST /transfers`,
      )
    const unknown = needs.filter((need) => !allNeeds.includes(need))
    if (unknown.length > 0)
      throw new Error(
        `LatchkeyAuthorizer: ${route} needs ${unknown.join(', ')}; there are ${allNeeds.join(' and ')}`,
      )
  }
}

export class LatchkeyAuthorizer extends Construct {
  readonly function: lambda.Function
  /** For routes of an `apigatewayv2.HttpApi`, by payload 2.0. */
  readonly http: authorizers.HttpLambdaAuthorizer
  readonly #cacheSeconds: number
  #rest: apigateway.RequestAuthorizer | undefined

  constructor(scope: Construct, id: string, props: LatchkeyAuthorizerProps) {
    super(scope, id)
    const { latchkey, needs = [], routes = {}, cacheSeconds = 0 } = props
    const { config, codeOf, data } = latchkey
    const stack = Stack.of(this)
    const said = { ...routes, '*': needs }
    checkNeeds(said)
    const made = new StepFunction(this, {
      id: authorizer,
      code: codeOf(authorizer),
      data: dataFor(stack, config),
      config,
      environment: { AUTHORIZE_NEEDS: JSON.stringify(said) },
    })
    // Names of tables are read at this stack's deployment; stacks of different CDK stages cannot wait for each other.
    if (data && Stage.of(data) === Stage.of(this)) stack.addStackDependency(data)
    this.function = made.function
    this.#cacheSeconds = cacheSeconds
    this.http = new authorizers.HttpLambdaAuthorizer('LatchkeyAuthorizer', made.function, {
      responseTypes: [authorizers.HttpLambdaResponseType.SIMPLE],
      resultsCacheTtl: Duration.seconds(cacheSeconds),
      identitySource:
        cacheSeconds > 0 ? ['$request.header.Authorization', '$context.httpMethod', '$context.path'] : [],
    })
  }

  /**
   * For methods of an `apigateway.RestApi`: `{ authorizer: latchkey.rest, authorizationType: AuthorizationType.CUSTOM }`. Made as it
   * is asked for: one that no REST API uses does not synthesize.
   */
  get rest(): apigateway.RequestAuthorizer {
    const { header, context } = apigateway.IdentitySource
    this.#rest ??= new apigateway.RequestAuthorizer(this, 'Rest', {
      handler: this.function,
      resultsCacheTtl: Duration.seconds(this.#cacheSeconds),
      // Without a cache the function reads the header, whatever its case; with one these tell the answers apart.
      identitySources:
        this.#cacheSeconds > 0 ? [header('Authorization'), context('httpMethod'), context('path')] : [],
    })
    return this.#rest
  }
}
