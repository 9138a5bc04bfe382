import { describe, expect, it } from 'vitest'
import { type Route, routes } from '#shared/contract/routes.ts'
import { gradualSteps } from '../../../infra/gradual.ts'
import { ofType, type Resources } from '../synth.ts'

/** @param gradual the service of a stage that asks for it; `plain`: of one that does not */
export function aboutGradual(gradual: Resources, plain: Resources): void {
  const idsOf = (resources: Resources, type: string) => ofType(resources, type).map(([id]) => id)

  describe('gradual deployment', () => {
    it('is not there unless it is asked for', () => {
      for (const type of ['AWS::Lambda::Alias', 'AWS::Lambda::Version', 'AWS::CodeDeploy::DeploymentGroup'])
        expect(ofType(plain, type)).toEqual([])
    })

    it('gives a tenth of the calls to a new version, and takes them back where the API fails', () => {
      const aliases = ofType(gradual, 'AWS::Lambda::Alias').map(([, alias]) => alias)
      const groups = ofType(gradual, 'AWS::CodeDeploy::DeploymentGroup')
      expect([aliases.length, groups.length]).toEqual([gradualSteps.length, gradualSteps.length])
      const [alarm] = idsOf(gradual, 'AWS::CloudWatch::Alarm')
      for (const [, { Properties }] of groups)
        expect(Properties).toMatchObject({
          DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
          AlarmConfiguration: { Enabled: true, Alarms: [{ Name: { Ref: alarm } }] },
          AutoRollbackConfiguration: {
            Enabled: true,
            Events: expect.arrayContaining(['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM']),
          },
        })
      const moved = aliases.map((alias) => (alias as { UpdatePolicy?: object }).UpdatePolicy)
      expect(moved.map((each) => Object.keys(each ?? {}))).toEqual(
        gradualSteps.map(() => ['CodeDeployLambdaAliasUpdate']),
      )
    })

    it('is what the API calls for sign-in and resets, and nothing else', () => {
      const aliases = idsOf(gradual, 'AWS::Lambda::Alias')
      const called = ofType(gradual, 'AWS::ApiGateway::Method').filter(([, { Properties }]) =>
        aliases.some((id) => JSON.stringify(Properties.Integration).includes(`"${id}"`)),
      )
      const wanted = Object.values<Route>(routes).filter(({ step }) =>
        (gradualSteps as readonly string[]).includes(step),
      )
      expect(called).toHaveLength(wanted.length)
      const allowed = ofType(gradual, 'AWS::Lambda::Permission').filter(([, { Properties }]) =>
        aliases.includes(Properties.FunctionName.Ref),
      )
      expect(allowed).toHaveLength(wanted.length)
    })

    it('replaces nothing where it is turned on', () => {
      for (const type of [
        'AWS::Lambda::Function',
        'AWS::IAM::Role',
        'AWS::Logs::LogGroup',
        'AWS::ApiGateway::RestApi',
      ])
        expect(idsOf(gradual, type)).toEqual(expect.arrayContaining(idsOf(plain, type)))
    })
  })
}
