/** Reads bearer tokens from headers (RFC 6750 section 2.1): the one reading of the edge, the guard and the authorizer. */

/** No session's token is as long; longer ones are not looked for. */
export const tokenMaxLength = 1000

/** @returns the token of `Authorization: Bearer TOKEN`, or undefined for any other value. */
export const bearerToken = (authorization: string | null | undefined): string | undefined =>
  /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization ?? '')?.[1]

/** @returns the value of the header, however its name is written; headers as API Gateway hands them over. */
export const headerOf = (
  headers: Readonly<Record<string, string | undefined>> | null | undefined,
  wanted: string,
): string | undefined => Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === wanted)?.[1]
