/** The systems whose exports are taken as they are. Another one is another row and a file. */
import { auth0 } from './auth0.ts'
import { betterAuth } from './better-auth.ts'
import { clerk } from './clerk.ts'
import { cognito } from './cognito.ts'
import { django } from './django.ts'
import { firebase } from './firebase.ts'
import { keycloak } from './keycloak.ts'
import type { Source } from './source.ts'
import { supabase } from './supabase.ts'
import { wordpress } from './wordpress.ts'

export const sources: Readonly<Record<string, Source>> = {
  auth0,
  firebase,
  keycloak,
  cognito,
  supabase,
  clerk,
  wordpress,
  django,
  'better-auth': betterAuth,
}
