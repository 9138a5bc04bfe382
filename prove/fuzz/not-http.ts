/** What is no HTTP, or HTTP that servers before ours may read in two ways. */
import fc from 'fast-check'

const start =
  'POST /api/auth/forgot-password HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n'
const body = '{"email":"someone@example.com","extra":1}'

export const notHttp = fc.constantFrom(
  `${start}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health HTTP/1.1\r\n\r\n`,
  `${start}Content-Length: ${body.length}\r\nContent-Length: 3\r\n\r\n${body}`,
  `${start}Content-Length: +5\r\n\r\n${body}`,
  `${start}Transfer-Encoding: xchunked\r\n\r\n${body}`,
  `${start}Transfer-Encoding: chunked\r\n\r\nzz\r\n${body}\r\n0\r\n\r\n`,
  `${start}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
  `${start}X: a\r\n b\r\n\r\n`,
  `${start}X\x00Y: a\r\nContent-Length: 0\r\n\r\n`,
  `${start}X: ${'a'.repeat(70_000)}\r\n\r\n`,
  `POST /api/auth/login HTTP/1.1\r\nContent-Length: 0\r\n\r\n`,
  'GET / HTTP/9.9\r\nHost: a\r\n\r\n',
  'GET /a b HTTP/1.1\r\nHost: a\r\n\r\n',
  'get /nothing HTTP/1.1\r\nHost: a\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
  'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: a\r\n\r\n',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  '\r\n\r\n\r\n',
  'A'.repeat(20_000),
)
