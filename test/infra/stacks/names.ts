import { describe, expect, it } from 'vitest'
import { expectedLines } from '../expected-lines.ts'
import type { Resource, Stacks } from '../synth.ts'

const names = [
  'AliasName',
  'BucketName',
  'FunctionName',
  'LogGroupName',
  'QueueName',
  'RoleName',
  'TableName',
  'TopicName',
]
const fixedNameOf = ({ Type, Properties }: Resource): string | undefined => {
  const name = names.find((each) => Properties?.[each] !== undefined && !Type.endsWith('Policy'))
  return name && JSON.stringify(Properties[name])
}

export function aboutNames(stacks: Stacks): void {
  const { data, service, code, pages } = stacks
  const fixed = [data, code, pages].flatMap((resources) =>
    Object.values(resources).flatMap((resource) => {
      const name = fixedNameOf(resource)
      return name?.startsWith('"') ? [{ name, kept: resource.DeletionPolicy ?? 'Delete' }] : []
    }),
  )

  it('leaves each address of a stage that version 0.1.0 deployed where it is: of the API, its name, the pages', () => {
    const now = [service, pages].flatMap((resources) =>
      Object.entries(resources).map(([id, { Type }]) => `${Type} ${id}`),
    )
    expect(now).toEqual(expect.arrayContaining(expectedLines('addresses-before.txt')))
  })

  describe('what has a fixed name', () => {
    it('goes when its first deployment is rolled back, or that could not be repeated', () => {
      expect(fixed.map(({ name }) => name)).toContain('"aws-waf-logs-latchkey-prod"')
      expect(fixed.map(({ name }) => name)).toContain('"aws-waf-logs-latchkey-prod-pages"')
      expect(fixed.filter(({ kept }) => kept === 'Retain')).toEqual([])
    })
  })
}
