/** The package's `cdk` export: a stage in a team's own app, and its sessions before a team's own API. */
export { LatchkeyAuthorizer, type LatchkeyAuthorizerProps } from './authorizer.ts'
export { readStage, type StageConfig, type StageSettings } from './config.ts'
export { Latchkey, type LatchkeyProps } from './latchkey.ts'
export { type Built, builtCode as packagedCode } from './prebuilt.ts'
export type { Target } from './target.ts'
