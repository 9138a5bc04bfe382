/** The template for `sam local` beside the one that is deployed. */
import { beforeAll, describe, expect, it } from 'vitest'
import { commands } from '#local/lambda/sam.ts'
import { workers } from '#shared/contract/routes.ts'
import { sealerSetting } from '../../cli/sealer.ts'
import type { StageConfig } from '../../infra/config.ts'
import { Latchkey } from '../../infra/latchkey.ts'
import { processorOf } from '../../infra/processors.ts'
import { outputOf } from '../../infra/settings-file.ts'
import { endpointVariables, noAccount, samLocal } from '../../infra/target.ts'
import { ofType, propsOf, type Resource, type Resources, stageConfig, withApp } from './synth.ts'

interface Template {
  readonly Resources: Resources
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>
}

const stacksOf = (config: StageConfig) =>
  withApp((app) => {
    const { service, workers } = new Latchkey(app, `latchkey-${config.stage}`, propsOf(config))
    const assembly = app.synth()
    const { environment, template, templateFile } = assembly.getStackByName(service.stackName)
    return {
      templateFile,
      account: environment.account,
      template: template as Template,
      workers: assembly.getStackByName(workers.stackName).template as Template,
    }
  })

let deployed: ReturnType<typeof stacksOf>
let local: ReturnType<typeof stacksOf>
beforeAll(() => {
  deployed = stacksOf(stageConfig('dev'))
  local = stacksOf({ ...stageConfig('dev'), ...noAccount, target: samLocal('x64') })
})
const functionsOf = ({ template, workers }: typeof local) =>
  [template, workers].flatMap(({ Resources }) => ofType(Resources, 'AWS::Lambda::Function'))
const methodsOf = ({ template }: typeof local) => ofType(template.Resources, 'AWS::ApiGateway::Method')

describe('the template for sam local', () => {
  it('has the deployed functions, but for the processor and the services they are led to', () => {
    const without = ({ Properties }: Resource) => {
      const {
        Architectures,
        Environment,
        Code: _code,
        Role: _role,
        LoggingConfig: _log,
        ...rest
      } = Properties
      const { Variables } = Environment
      const names = Object.keys(Variables).filter((name) => !endpointVariables.some((each) => each === name))
      return { ...rest, names }
    }
    const shape = (made: typeof local) => functionsOf(made).map(([id, made]) => [id, without(made)])
    expect(shape(local)).toEqual(shape(deployed))
    for (const [, { Properties }] of functionsOf(local)) {
      expect(Properties.Architectures).toEqual(['x86_64'])
      for (const name of endpointVariables)
        expect(Properties.Environment.Variables[name]).toBe('http://not-given.invalid')
    }
  })

  it('has every route that leads to a function, and nothing that would hide one', () => {
    const routesOf = (made: typeof local) =>
      methodsOf(made)
        .filter(([, { Properties }]) => Properties.Integration.Type === 'AWS_PROXY')
        .map(([id]) => id)
    expect(routesOf(local)).toEqual(routesOf(deployed))
    expect(methodsOf(local)).toHaveLength(routesOf(local).length)
    expect(methodsOf(deployed).length).toBeGreaterThan(methodsOf(local).length)
  })

  it('is pinned to an account that nobody has, so that it cannot be deployed', () => {
    expect(local.account).toBe('000000000000')
    expect(deployed.account).toBe('unknown-account')
  })

  it('is the file that the command for SAM names', () => {
    const [, named = ''] = /--template \.data\/sam\/(\S+) /.exec(commands()) ?? []
    const [start = '', end = ''] = named.split('*')
    expect(local.templateFile.startsWith(start) && local.templateFile.endsWith(end)).toBe(true)
    expect(start).toContain('service')
  })

  it('is made for arm64 and x64 alone', () => {
    expect([processorOf('arm64'), processorOf('x64')]).toEqual(['arm64', 'x86_64'])
    expect(() => processorOf('riscv64')).toThrow('not for riscv64')
  })
})

describe('what is deployed', () => {
  it('leads no function anywhere but to AWS', () => {
    for (const [, { Properties }] of functionsOf(deployed))
      expect(Object.keys(Properties.Environment.Variables).filter((name) => /^AWS_|URL/.test(name))).toEqual(
        [],
      )
  })

  it('tells the command line which function seals', () => {
    const [id] =
      ofType(deployed.workers.Resources, 'AWS::Lambda::Function').find(([, { Properties }]) =>
        /seal-ledger$/.test(Properties.Description),
      ) ?? []
    expect(deployed.workers.Outputs[outputOf(sealerSetting)]?.Value).toEqual({ Ref: id })
  })

  it('tells the command line where the API is, and each worker’s queue, as it reads them', () => {
    const { Value: address } = deployed.template.Outputs[outputOf('API_URL')] ?? {}
    expect(JSON.stringify(address)).toMatch(/execute-api.*live/)
    const { Value: queues } = deployed.workers.Outputs[outputOf('DEAD_LETTERS')] ?? {}
    const [, parts] = (queues as { 'Fn::Join': [string, (string | { Ref: string })[]] })['Fn::Join']
    const text = parts.map((part) => (typeof part === 'string' ? part : `<${part.Ref}>`)).join('')
    const ids = ofType(deployed.workers.Resources, 'AWS::SQS::Queue').map(([id]) => id)
    expect(text.split(',').map((each) => each.split('=')[0])).toEqual(
      // Without a bus nothing is published.
      workers.filter((id) => id !== 'publish'),
    )
    expect(text.split(',').map((each) => each.split('=')[1])).toEqual(ids.map((id) => `<${id}>`))
  })
})
