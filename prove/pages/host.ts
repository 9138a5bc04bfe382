/** Serves the built pages as CloudFront does: compressed, with their headers, each file from memory. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'
import { gzipSync } from 'node:zlib'
import { bundlePages } from '../../web/build.ts'
import { pageCaching, pageHeaders } from '../../web/page-headers.ts'
import { notFoundFile } from '../../web/paths.ts'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
}

export interface Host {
  readonly origin: string
  close(): Promise<void>
}

export async function startHost(): Promise<Host> {
  const { files } = await bundlePages()
  const compressed = new Map([...files].map(([name, content]) => [name, gzipSync(content)]))
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://host').pathname.slice(1) || 'index'
    const asked = extname(path) === '' ? `${path}.html` : path
    const name = compressed.has(asked) ? asked : notFoundFile
    response.writeHead(name === asked ? 200 : 404, {
      ...pageHeaders(),
      'Cache-Control': name.startsWith('assets/') ? pageCaching.asset : pageCaching.other,
      'Content-Encoding': 'gzip',
      'Content-Type': types[extname(name)] ?? 'application/octet-stream',
    })
    response.end(compressed.get(name))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
