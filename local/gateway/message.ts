/** What goes in and out of the gateway, apart from any socket: so that the stack can call its own routes. */
export interface GatewayRequest {
  readonly method: string
  /** Path and query as they came. */
  readonly target: string
  /** Names as the client wrote them; a name may come more than once. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
  readonly sourceIp: string
}

export interface GatewayResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: string | Buffer
}
