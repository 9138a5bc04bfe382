/** A stage whose keys were rotated for years: thirty versions of each are named by stored values. */
import { describe, expect, it } from 'vitest'
import type { KeyId } from '../../../infra/config.ts'
import { ofType, stageConfig, synth } from '../synth.ts'

const versions = Array.from({ length: 30 }, (_none, index) => index + 1)
const usual = stageConfig('prod')
const keyIds = Object.keys(usual.keyVersions) as KeyId[]
const keyVersions = Object.fromEntries(keyIds.map((id) => [id, versions])) as typeof usual.keyVersions
const { data, workers, templates } = synth({ ...usual, keyVersions })

/** As CloudFormation fills in: an id of a multi-Region key is 36 characters, as that of any other. */
const deployed = (value: unknown) =>
  JSON.stringify(value, (_name, each) =>
    typeof each === 'object' && each !== null && Object.keys(each)[0]?.match(/^(Fn::|Ref$)/)
      ? 'k'.repeat(36)
      : each,
  )

export function aboutRotation(): void {
  describe('thirty versions of each key', () => {
    it('each stack is one that CloudFormation takes', () => {
      expect(ofType(data, 'AWS::KMS::Key')).toHaveLength(keyIds.length * versions.length + 1)
      for (const { Resources, Outputs = {}, Parameters = {} } of Object.values(templates)) {
        expect(Object.keys(Resources).length).toBeLessThanOrEqual(500)
        expect(Object.keys(Outputs).length).toBeLessThanOrEqual(200)
        expect(Object.keys(Parameters).length).toBeLessThanOrEqual(200)
      }
    })

    it('every key is watched, by patterns of a length that EventBridge takes', () => {
      const patterns = ofType(workers, 'AWS::Events::Rule').flatMap(
        ([, { Properties }]) => Properties.EventPattern ?? [],
      )
      for (const pattern of patterns) expect(deployed(pattern).length).toBeLessThanOrEqual(2048)
      const ids = patterns.flatMap(({ detail }) => detail.requestParameters?.keyId ?? [])
      expect(new Set(ids.map((id) => JSON.stringify(id))).size).toBe(keyIds.length * versions.length + 1)
    })

    it('the list of a key’s ids fits into its parameter', () => {
      for (const [, { Properties }] of ofType(data, 'AWS::SSM::Parameter'))
        expect(deployed(Properties.Value).length).toBeLessThanOrEqual(4096)
      expect(versions.length * 37).toBeLessThanOrEqual(4096)
    })
  })
}
