/** The REST API, built from the table of routes. */
import { Duration } from 'aws-cdk-lib'
import * as apigateway from 'aws-cdk-lib/aws-apigateway'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { CfnRegexPatternSet } from 'aws-cdk-lib/aws-wafv2'
import { Construct } from 'constructs'
import { type Route, type RouteId, routes, type StepId } from '../shared/contract/routes.ts'
import { accessLogFields, countAnswers, makeAccessLog, makeExecutionLog, makeLogRole } from './access-log.ts'
import { adminPolicy } from './admin-policy.ts'
import { apiName } from './api-figures.ts'
import type { StageConfig } from './config.ts'
import { addDomain } from './domain.ts'
import { addFirewall, stageName } from './firewall.ts'
import { makeStops } from './flow-stops.ts'
import { acknowledgePublic, addNotFound, addOtherMethods } from './gateway-methods.ts'
import { addGatewayResponses } from './gateway-responses.ts'
import { acknowledge } from './nag.ts'
import { throttleOf } from './room.ts'
import type { StepFunction } from './step-function.ts'

const rows = Object.values(routes as Readonly<Record<RouteId, Route>>)

/**
 * What is told of each method. A method with a row of its own takes nothing from the row of all the others, so each row holds
 * these. The body, the headers and the query stay out of the execution log. Counts are those of the API as a whole, which cost
 * nothing and which the alarms watch; by method they are billed as five custom metrics each, and the access log has them.
 */
const observed = {
  loggingLevel: apigateway.MethodLoggingLevel.ERROR,
  dataTraceEnabled: false,
  metricsEnabled: false,
}

/** Row of each method; `/path/METHOD` is how CDK names one. */
function methodSettings(config: StageConfig): Record<string, apigateway.MethodDeploymentOptions> {
  const named = rows.map((route) => {
    const { ratePerSecond, burst } = throttleOf(config, route.throttle)
    return [
      `${route.path}/${route.method}`,
      { ...observed, throttlingRateLimit: ratePerSecond, throttlingBurstLimit: burst },
    ] as const
  })
  return Object.fromEntries(named)
}

const reasons: Readonly<Record<Route['access'], string>> = {
  public: 'Recovery is for people who cannot sign in; the step itself limits and proves.',
  session: 'The session is checked by the step, in the call that reads the identity it needs anyway.',
  admin: 'Admin routes ask for IAM signatures; there is no user pool.',
}

export class Api extends Construct {
  readonly rest: apigateway.RestApi
  /** Where it is called: by its own name, where it has one. */
  readonly url: string
  /** Where the name of the API has to point. */
  readonly domainTarget: string | undefined
  /** What an operator stops flows with. */
  readonly stops: CfnRegexPatternSet

  /** @param entries what is called in place of some of the functions */
  constructor(
    scope: Construct,
    id: string,
    config: StageConfig,
    steps: ReadonlyMap<StepId, StepFunction>,
    entries: ReadonlyMap<StepId, IFunction> = new Map(),
  ) {
    super(scope, id)
    const accessLog = makeAccessLog(this, config)
    countAnswers(this, config.stage, accessLog)
    this.rest = this.makeRest(config, accessLog)
    this.url = config.domain ? `https://${config.domain.name}` : this.rest.url
    this.addRoutes(config, (step) => entries.get(step) ?? steps.get(step)?.function)
    addGatewayResponses(this.rest, config.allowedOrigins.length > 0)
    this.stops = makeStops(this, config.stage)
    addFirewall(this, config, this.rest.deploymentStage, this.stops)
    this.domainTarget = config.domain && addDomain(this, this.rest, config.domain)
    this.addLogs(config)
  }

  /** Before the stage, which would make its own log, and does not start without the role. */
  private addLogs(config: StageConfig): void {
    const { deploymentStage, restApiId } = this.rest
    deploymentStage.node.addDependency(makeExecutionLog(this, config, restApiId, stageName))
    if (config.apiGatewayLogRole) deploymentStage.node.addDependency(makeLogRole(this, config))
  }

  private makeRest(config: StageConfig, accessLog: LogGroup): apigateway.RestApi {
    // Everything that is not a route: fixed answers.
    const rest = throttleOf(config, 'read')
    const policy = adminPolicy(config)
    const api = new apigateway.RestApi(this, 'Rest', {
      ...(policy && { policy }),
      restApiName: apiName(config.stage),
      description: `Latchkey ${config.stage}: account recovery`,
      endpointTypes: [apigateway.EndpointType.REGIONAL],
      disableExecuteApiEndpoint: config.domain !== undefined,
      cloudWatchRole: false,
      deployOptions: {
        stageName,
        accessLogDestination: new apigateway.LogGroupLogDestination(accessLog),
        accessLogFormat: apigateway.AccessLogFormat.custom(JSON.stringify(accessLogFields)),
        ...observed,
        tracingEnabled: true,
        throttlingRateLimit: rest.ratePerSecond,
        throttlingBurstLimit: rest.burst,
        methodOptions: methodSettings(config),
      },
    })
    const resource = api.node.defaultChild as apigateway.CfnRestApi
    resource.securityPolicy = apigateway.SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09
    resource.endpointAccessMode = 'STRICT'
    acknowledge(
      api,
      'AwsSolutions-APIG2',
      'Bodies are checked by the edge, which answers in detail and in the envelope.',
    )
    return api
  }

  private addRoutes(config: StageConfig, calledFor: (step: StepId) => IFunction | undefined): void {
    for (const route of rows) {
      const resource = this.rest.root.resourceForPath(route.path)
      this.addRoute(resource, route, calledFor(route.step as StepId))
    }
    if (config.target.fixedAnswers) this.addFixedAnswers(config)
  }

  private addFixedAnswers({ allowedOrigins }: StageConfig): void {
    const crossOrigin = allowedOrigins.length > 0
    const taken = new Set(rows.map((route) => route.path))
    for (const path of taken) {
      const resource = this.rest.root.resourceForPath(path)
      const methods = rows.filter((route) => route.path === path).map((route) => route.method)
      addOtherMethods(resource, methods, allowedOrigins)
    }
    for (const path of pathsBetween(taken)) addNotFound(this.rest.root.resourceForPath(path), crossOrigin)
    addNotFound(this.rest.root, crossOrigin)
    addNotFound(this.rest.root.addResource('{proxy+}'), crossOrigin)
  }

  private addRoute(resource: apigateway.Resource, route: Route, called: IFunction | undefined): void {
    if (called === undefined) throw new Error(`No function for step ${route.step}`)
    const admin = route.access === 'admin'
    const method = resource.addMethod(
      route.method,
      new apigateway.LambdaIntegration(called, {
        allowTestInvoke: false,
        timeout: Duration.seconds(29),
      }),
      {
        authorizationType: admin ? apigateway.AuthorizationType.IAM : apigateway.AuthorizationType.NONE,
      },
    )
    if (admin) acknowledge(method, 'AwsSolutions-COG4', reasons.admin)
    else acknowledgePublic(method, reasons[route.access])
  }
}

/** Paths that only lead to routes, such as `/api/auth`. */
export function pathsBetween(taken: ReadonlySet<string>): string[] {
  const between = new Set<string>()
  for (const path of taken) {
    const parts = path.split('/').slice(1, -1)
    for (const index of parts.keys()) between.add(`/${parts.slice(0, index + 1).join('/')}`)
  }
  return [...between].filter((path) => !taken.has(path)).sort()
}
