import { describe, expect, it } from 'vitest'
import type { Stacks } from '../synth.ts'

/** CloudFormation takes 500 resources, 200 parameters and 200 outputs of a stack. */
const most = { resources: 350, parameters: 100, outputs: 100 } as const

export function aboutRoom({ templates, data }: Stacks): void {
  describe('each stack', () => {
    it.each(Object.entries(templates))('%s has room for what is still to come', (_name, template) => {
      const { Resources, Parameters = {}, Outputs = {} } = template
      expect(Object.keys(Resources).length).toBeLessThanOrEqual(most.resources)
      expect(Object.keys(Parameters).length).toBeLessThanOrEqual(most.parameters)
      expect(Object.keys(Outputs).length).toBeLessThanOrEqual(most.outputs)
    })

    it('can lose what another one uses: none imports what another exports', () => {
      expect(JSON.stringify(templates)).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput/)
      for (const { Outputs = {} } of Object.values(templates))
        expect(Object.values(Outputs).filter((output) => output.Export)).toEqual([])
    })

    it('asks for no name that it does not use: `cdk deploy --strict` takes no warning', () => {
      for (const [name, template] of Object.entries(templates)) {
        const text = JSON.stringify(template)
        for (const id of Object.keys(template.Parameters ?? {}))
          if (id !== 'BootstrapVersion')
            expect([name, id, text.includes(`{"Ref":"${id}"}`)]).toEqual([name, id, true])
      }
    })

    it('reads the names of the data stack from parameters that are there', () => {
      const told = Object.values(data)
        .filter(({ Type }) => Type === 'AWS::SSM::Parameter')
        .map(({ Properties }) => Properties.Name)
      const asked = Object.values(templates).flatMap(({ Parameters = {} }) =>
        (Object.values(Parameters) as { Type: string; Default: string }[])
          .filter(({ Type }) => Type === 'AWS::SSM::Parameter::Value<String>')
          .map(({ Default }) => Default),
      )
      const ours = asked.filter((name) => name.startsWith('/latchkey-'))
      expect([...new Set(ours)].sort()).toEqual(told.sort())
    })
  })
}
