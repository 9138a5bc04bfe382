/** As much of Express as its example uses: routes, middleware in turn, `response.json`. Express itself is none of our packages. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

type Response = ServerResponse & { json(body: object): void }
type Handler = (request: IncomingMessage, response: Response, next: (error?: unknown) => void) => unknown

/** All that listen, for whoever has to end them. */
export const servers: Server[] = []

function runInTurn(
  [handler, ...rest]: readonly Handler[],
  request: IncomingMessage,
  response: Response,
): void {
  handler?.(request, response, (error) => {
    if (error !== undefined) response.writeHead(500).end()
    else runInTurn(rest, request, response)
  })
}

export default function express() {
  const routes = new Map<string, readonly Handler[]>()
  const route =
    (method: string) =>
    (path: string, ...handlers: Handler[]) =>
      routes.set(`${method} ${path}`, handlers)
  return {
    get: route('GET'),
    post: route('POST'),
    listen(port: number, host: string) {
      const server = createServer((request, bare) => {
        const json = (body: object) =>
          bare.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
        runInTurn(
          routes.get(`${request.method} ${request.url}`) ?? [],
          request,
          Object.assign(bare, { json }),
        )
      })
      servers.push(server.listen(port, host))
      return server
    },
  }
}
