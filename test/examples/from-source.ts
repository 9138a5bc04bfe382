/** Loaded before an example: the package's exports as the checkout has them, without a build. */
import { registerHooks } from 'node:module'

registerHooks({
  resolve: (name, context, next) =>
    name === 'latchkey/cdk'
      ? next(new URL('../../infra/package.ts', import.meta.url).href, context)
      : next(name, context),
})
