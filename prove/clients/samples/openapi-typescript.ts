// Signs in with nothing but types of the document and `fetch`.
import type { components, paths } from './openapi-typescript/schema'

type Login = paths['/api/auth/login']['post']
type Body = Login['requestBody']['content']['application/json']
type Reply = Login['responses'][200]['content']['application/json']

const url = process.argv[2] ?? ''

async function signIn(identifier: string): Promise<string> {
  const body: Body = { identifier, password: 'password123' }
  const reply = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  const { data } = (await reply.json()) as Reply
  return data.mfaRequired ? `code ${data.challengeId.length > 0}` : `token ${data.accessToken.length > 0}`
}

// Neither of what is meant does not compile.
// @ts-expect-error
export const neither: components['schemas']['EmailResetBody'] = { email: 'a@example.com', newPassword: 'x' }

console.log(await signIn('priyasharma'), await signIn('vikramsingh'))
