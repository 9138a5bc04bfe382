/** Puts the stack's environment in place of the machine's own, for functions that run in this process. */

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
  return () => {
    for (const name of Object.keys(process.env)) {
      if (before[name] === undefined) delete process.env[name]
    }
    Object.assign(process.env, before)
  }
}
