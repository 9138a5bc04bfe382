/**
 * Runs at CloudFront for each request: pages are files, `/reset-pin` is `/reset-pin.html`.
 * The runtime wants one plain script with a function of this name.
 */
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it.
function handler(event) {
  const request = event.request
  // W3C "A Well-Known URL for Changing Passwords": where password managers lead people.
  if (request.uri === '/.well-known/change-password')
    return {
      statusCode: 302,
      statusDescription: 'Found',
      headers: { location: { value: '/change-password' } },
    }
  const path = request.uri.replace(/\/+$/, '')
  const last = path.slice(path.lastIndexOf('/') + 1)
  if (path === '') request.uri = '/index.html'
  else if (!last.includes('.')) request.uri = `${path}.html`
  return request
}
