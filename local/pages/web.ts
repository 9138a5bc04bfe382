/** The hosted pages, from the folder they are built to. */

import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { securityHeaders } from '#shared/edge/headers.ts'
import { pageCaching, pageHeaders } from '../../web/page-headers.ts'
import { notFoundFile, pagePaths } from '../../web/paths.ts'
import { securityTxtPath } from '../../web/security-txt.ts'
import type { GatewayRequest, GatewayResponse } from '../gateway/message.ts'
import { isOfApi } from '../gateway/router.ts'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

const versioned = /^\/assets\/[\w-]+-\w{8}\.\w+$/

/** Plain names only: nothing that could lead out of the folder, and no dot files. */
const plainPath = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*\/?$/

/**
 * @param directory where the pages are built to; it need not exist.
 * @returns the page or file at the path, the inbox in place of a missing start page, the page that says that there is none
 * to a browser at an address that is nobody's, or undefined.
 */
export async function webResponse(
  directory: string,
  request: GatewayRequest,
): Promise<GatewayResponse | undefined> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return undefined
  const path = request.target.split('?', 1)[0] ?? ''
  if (path === '/.well-known/change-password') return to(pagePaths.changePassword)
  for (const name of plainPath.test(path) || path === securityTxtPath ? candidates(path) : []) {
    const type = types[extname(name)]
    const content = type === undefined ? undefined : await contentOf(join(directory, name))
    if (content !== undefined)
      return found(content, type ?? '', versioned.test(path) ? pageCaching.asset : pageCaching.other)
  }
  if (path === '/') return to('/_local')
  return isSomebody(request, path) ? notFound(directory) : undefined
}

/** A browser that shows what comes, at an address that is not the API's either: there every answer is its envelope. */
const isSomebody = ({ headers }: GatewayRequest, path: string) =>
  headers.some(([name, value]) => name.toLowerCase() === 'accept' && value.includes('text/html')) &&
  !isOfApi(path)

/** As the hosted pages answer it. @returns undefined where no pages are built */
async function notFound(directory: string): Promise<GatewayResponse | undefined> {
  const content = await contentOf(join(directory, notFoundFile))
  if (content === undefined) return undefined
  return { ...found(content, types['.html'] ?? '', pageCaching.other), status: 404 }
}

/** `/forgot` is `forgot.html` or `forgot/index.html`. */
function candidates(path: string): string[] {
  if (path.endsWith('/')) return [`${path}index.html`]
  return extname(path) === '' ? [`${path}.html`, `${path}/index.html`] : [path]
}

const absent = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG'])

async function contentOf(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file)
  } catch (error) {
    if (absent.has((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}

const found = (body: Buffer, type: string, caching: string): GatewayResponse => ({
  status: 200,
  headers: {
    ...pageHeaders(),
    'Cache-Control': caching,
    'Content-Type': type,
    'x-request-id': randomUUID(),
  },
  body,
})

const to = (Location: string): GatewayResponse => ({
  status: 302,
  headers: { ...securityHeaders, Location, 'x-request-id': randomUUID() },
  body: '',
})
