import { describe, expect, it } from 'vitest'
import type { StageConfig } from '../../../infra/config.ts'
import { ofType, type Resources } from '../synth.ts'

const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`
const [sso, ci, backend] = [role('aws-reserved/sso/Ops_1'), role('ci'), role('backend')]

export const withPeople: Partial<StageConfig> = {
  people: {
    operator: { principals: [sso, ci], mfa: false },
    importer: { principals: [sso], mfa: true },
  },
  adminRoles: [backend, role('aws-reserved/sso.amazonaws.com/Admin_*')],
}

interface Told {
  /** What synth tells of the stage that names some of them, and of one that names nobody. */
  readonly named: readonly string[]
  readonly unnamed: readonly string[]
}

/** Of a stage that names them. */
export function aboutPeople(
  { code, service, plain }: Record<'code' | 'service' | 'plain', Resources>,
  { named, unnamed }: Told,
): void {
  const trustOf = (person: string) =>
    ofType(code, 'AWS::IAM::Role').find(([, { Properties }]) => Properties.Path?.includes(`/${person}/`))?.[1]
      .Properties.AssumeRolePolicyDocument.Statement

  describe('roles of people', () => {
    it('are for those that are named, without a second factor only where that is said', () => {
      const operator = trustOf('operator')
      expect(operator).toMatchObject([{ Principal: { AWS: [sso, ci] } }])
      expect(JSON.stringify(operator)).not.toContain('Condition')
      expect(trustOf('importer')).toMatchObject([
        { Principal: { AWS: sso }, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } },
      ])
      expect(JSON.stringify(trustOf('auditor'))).toMatch(/MultiFactorAuthPresent.*:root/)
    })
  })

  it('whose sessions have to give a second factor to AWS itself are told at synth, since SSO and CI never do', () => {
    const toldOf = (infos: readonly string[]) =>
      infos.flatMap((each) => /^The roles (.*) of stage prod take a session/.exec(each)?.[1] ?? [])
    expect([toldOf(unnamed), toldOf(named)]).toEqual([
      ['auditor, support, operator, importer'],
      ['auditor, support'],
    ])
    expect(unnamed.join()).toMatch(/SSO.* and of CI never say so: name those under "people"/)
  })

  describe('admin routes', () => {
    const policyOf = (resources: Resources) =>
      ofType(resources, 'AWS::ApiGateway::RestApi')[0]?.[1].Properties.Policy

    it('are left to IAM alone where the stage names nobody', () => {
      expect(policyOf(plain)).toBeUndefined()
    })

    it('are refused to all but the named roles and support, and allowed to nobody by the API itself', () => {
      const [routes, admin, ...more] = policyOf(service).Statement
      expect(more).toEqual([])
      expect(routes).toMatchObject({ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'execute-api:Invoke' })
      expect(routes.Resource).toContain('execute-api:/live/POST/auth*')
      const lets = (path: string) =>
        routes.Resource.some((pattern: string) => {
          const [start = '', ...rest] = pattern.split('*')
          return rest.join() === '' && `execute-api:/live/${path}`.startsWith(start)
        })
      for (const path of ['POST/auth/reset-password', 'OPTIONS/api/auth/login', 'GET/health', 'PATCH/api'])
        expect([path, lets(path)]).toEqual([path, true])
      for (const path of [
        'PUT/admin/identities/u',
        'PUT/admin/identities/auth0|7',
        'POST/admin/sessions/introspect',
        'GET/admin',
      ])
        expect([path, lets(path)]).toEqual([path, false])
      expect(admin).toMatchObject({ Effect: 'Deny', Principal: { AWS: '*' } })
      expect(admin.Resource).toContain('execute-api:/live/PUT/admin*')
      const [first, second, support, canary] = admin.Condition.ArnNotLike['aws:PrincipalArn']
      expect([first, second]).toEqual(withPeople.adminRoles)
      expect(JSON.stringify(support)).toContain('/latchkey-prod/support/*')
      expect(JSON.stringify(canary), 'or it could not register its person').toContain(
        '/latchkey-prod/canary/*',
      )
    })
  })
}
