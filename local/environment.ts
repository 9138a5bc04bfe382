/** The stack's environment: in place of the machine's own here, and as another process needs it. */
import { environmentChanged } from '#shared/per-environment.ts'

/** Set over whatever a client's shell has, these keep its calls on the loopback and its AWS account out of them. */
const machineShield = { AWS_PROFILE: '', AWS_SESSION_TOKEN: '', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false' }

/** @returns what a client of the emulated services sets in its environment. Its credentials are made up. */
export const clientEnvironment = (environment: Readonly<Record<string, string>>): Record<string, string> => ({
  ...environment,
  ...machineShield,
})

/**
 * Variables of AWS that are not given go: a profile, a session token or a switch of the developer's machine
 * must not lead a call away from the loopback.
 * @returns what puts back the environment as it was.
 */
export function applyEnvironment(environment: Readonly<Record<string, string>>): () => void {
  const before = { ...process.env }
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('AWS_')) delete process.env[name]
  }
  Object.assign(process.env, environment)
  environmentChanged()
  return () => {
    for (const name of Object.keys(process.env)) {
      if (before[name] === undefined) delete process.env[name]
    }
    Object.assign(process.env, before)
    environmentChanged()
  }
}
