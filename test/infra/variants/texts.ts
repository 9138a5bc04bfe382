/** A stage with texts of the team's. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ownMessages } from '../../../infra/own-texts.ts'
import { ofType, type Stacks } from '../synth.ts'

/** A folder of texts, for the time of the tests. */
export function textsFolder(english: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-texts-'))
  mkdirSync(join(folder, 'messages'))
  writeFileSync(join(folder, 'messages', 'en.json'), JSON.stringify(english))
  return folder
}

/** @param stacks of a stage whose own "resetRequired" takes a part more */
export function aboutTexts(stacks: Stacks): void {
  describe('texts of the team', () => {
    it('are a layer of the functions that send, and of no other', () => {
      const [layer, ...more] = ofType(stacks.workers, 'AWS::Lambda::LayerVersion')
      expect(more).toEqual([])
      const carrying = ofType(stacks.code, 'AWS::Lambda::Function')
        .map(([, { Properties }]) => Properties)
        .filter(
          ({ Layers, Environment }) => Layers !== undefined || Environment.Variables.TEXTS !== undefined,
        )
      expect(carrying.map(({ Description }) => String(Description).split(': ')[1]).sort()).toEqual([
        'deliver',
        'notify',
      ])
      for (const { Layers, Environment } of carrying) {
        expect(Layers).toEqual([{ Ref: layer?.[0] }])
        expect(Environment.Variables.TEXTS).toBe('/opt')
      }
    })

    it('that make an SMS take a part more are told as ours are', () => {
      expect(stacks.warnings.some((each) => each.includes('"resetRequired" in en takes 2 parts'))).toBe(true)
    })

    it('that cannot be used stop synth, each by its name', () => {
      const texts = textsFolder({ 'code.pin.sms': 'Hello.', 'code.pin.text': 'x' })
      expect(() => ownMessages({ texts })).toThrow(
        /en "code\.pin\.sms" lacks \{code\}.*\n {2}en "code\.pin\.text" is no text that there is/,
      )
      expect(() => ownMessages({ texts: join(texts, 'gone') })).toThrow('gone is no folder of texts')
      expect(ownMessages({})).toEqual({})
    })
  })
}
