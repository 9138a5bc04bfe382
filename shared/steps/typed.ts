/** Who a body means. */
import type { Subject } from '../events.ts'

export type TypedSubject = Subject & { readonly kind: 'email' | 'phone' | 'userId' }

/** The one identifier of a body whose schema asks for exactly one. */
export function typedSubject(
  body:
    | { readonly email: string }
    | { readonly userId?: string | undefined; readonly phone?: string | undefined },
): TypedSubject {
  if ('email' in body) return { kind: 'email', value: body.email }
  if (body.userId !== undefined) return { kind: 'userId', value: body.userId }
  if (body.phone !== undefined) return { kind: 'phone', value: body.phone }
  throw new Error('A body without an identifier passed its schema')
}
