// Signs in by the functions that were made of the document.
import { client } from './hey-api/client.gen'
import { getSession, login } from './hey-api/sdk.gen'
import type { PinSetBody } from './hey-api/types.gen'

client.setConfig({ baseUrl: process.argv[2] ?? '' })

async function signIn(identifier: string): Promise<string> {
  const { data, error } = await login({ body: { identifier, password: 'password123' } })
  if (error) return error.error.code
  if (data.data.mfaRequired) return `code ${data.data.challengeId.length > 0}`
  const session = await getSession({ auth: data.data.accessToken })
  return `token ${session.data?.data.userId === 'u-priya'}`
}

// Neither of what is meant does not compile.
// @ts-expect-error
export const neither: PinSetBody = { pin: '482915' }

console.log(await signIn('priyasharma'), await signIn('vikramsingh'))
