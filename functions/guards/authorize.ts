/** Lambda authorizer for the team's own API Gateway (infra/authorizer.ts): a live session, and what the route needs of it. */
import { type AuthorizerEvent, authorizeRequest } from '#shared/edge/authorize.ts'

export const handler = (event: AuthorizerEvent) => authorizeRequest(event)
