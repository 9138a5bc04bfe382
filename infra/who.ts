/** Who may take on the roles of people, and who may call the admin routes: what a deployer may say beside what the account says. */
import * as z from 'zod'
import { personIds } from './roles.ts'

const principal = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)\/[\w+=,.@/-]+$/,
    'must be the ARN of a role or a user, without wildcards',
  )

/** IAM Identity Center ends the names of its roles with signs of its own. */
const roleArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[\w+=,.@/-]+\*?$/,
    'must be the ARN of a role; its name may end with *',
  )

const person = z
  .strictObject({
    /** They alone; whoever the account lets where nobody is named. */
    principals: z.array(principal).min(1, 'must name at least one').optional(),
    /** Whether a second factor must have been given to AWS itself. Sessions of roles (SSO, CI) never say so. */
    mfa: z.boolean().default(true),
  })
  .refine(({ principals, mfa }) => mfa || principals !== undefined, {
    path: ['mfa'],
    error:
      'may be false only beside principals: without both, any user of the account that is let may take it on',
  })

export const people = {
  people: z
    .strictObject(
      Object.fromEntries(personIds.map((id) => [id, person.optional()])) as Record<
        (typeof personIds)[number],
        z.ZodOptional<typeof person>
      >,
    )
    .default({}),
}

export const adminRoles = {
  /** Roles that may call the admin routes, beside the stage's role of support: nobody else may then, whatever IAM lets them. */
  adminRoles: z.array(roleArn).min(1, 'must name at least one').optional(),
}
