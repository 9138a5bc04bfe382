/** Every route of the OpenAPI document, to be sent from the page. */
import { developerPage } from './developer.ts'
import { html, Markup } from './html.ts'

type Schema = Readonly<Record<string, unknown>>

interface Operation {
  readonly summary?: string
  readonly security?: readonly Readonly<Record<string, unknown>>[]
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> }
}

/** What the test accounts make of a field, so that a first try works as it is. */
const usual: Readonly<Record<string, unknown>> = {
  email: 'priya.sharma@example.com',
  identifier: 'priyasharma',
  phone: '+919876543210',
  userId: 'u-priya',
  password: 'password123',
  newPassword: 'Violet-Harbour-2044!',
  otp: '',
  pin: '904817',
  newPin: '904817',
}

/** A body to begin with: what must be there, of the first form where there are several. */
function sampleOf(api: OpenApi, schema: Schema, name = ''): unknown {
  const reference = schema['$ref']
  if (typeof reference === 'string')
    return sampleOf(api, api.components?.schemas?.[reference.split('/').at(-1) ?? ''] ?? {}, name)
  const [first] = (schema['oneOf'] ?? schema['anyOf'] ?? []) as readonly Schema[]
  const { properties, required = [] } = {
    ...schema,
    ...(first !== undefined && sampleForm(api, first, schema)),
  } as {
    properties?: Readonly<Record<string, Schema>>
    required?: readonly string[]
  }
  if (properties === undefined) return usual[name] ?? schema['const'] ?? ''
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([each]) => required.includes(each))
      .map(([each, property]) => [each, sampleOf(api, property, each)]),
  )
}

/** One of several forms may hold the fields, or only say which of them are needed. */
function sampleForm(api: OpenApi, form: Schema, whole: Schema): Schema {
  const reference = form['$ref']
  const found =
    typeof reference === 'string'
      ? (api.components?.schemas?.[reference.split('/').at(-1) ?? ''] ?? {})
      : form
  const required = [...((whole['required'] ?? []) as string[]), ...((found['required'] ?? []) as string[])]
  return { ...found, required }
}

function routeForm(api: OpenApi, method: string, path: string, operation: Operation): Markup {
  const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema
  const kinds = (operation.security ?? []).flatMap(Object.keys)
  const session = kinds.some((kind) => /bearer|session/i.test(kind))
  const query = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query')
  const body = schema && JSON.stringify(sampleOf(api, schema), null, 2)
  return html`<details class="route"><summary><b class="${method}">${method.toUpperCase()}</b> <code>${path}</code> ${operation.summary}</summary>
<form data-try data-method="${method.toUpperCase()}" action="${path}"${session && new Markup(' data-session')}>
<label>Path <input name="path" value="${path}${query.length > 0 && `?${query.map(({ name }) => `${name}=`).join('&')}`}"></label>
${body !== undefined && html`<label>Body <textarea name="body" rows="${body.split('\n').length + 1}" spellcheck="false">${body}</textarea></label>`}
<button>Send</button><div class="reply" aria-live="polite"></div></form></details>`
}

export function routesPage(api: OpenApi): string {
  const forms = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => routeForm(api, method, path, operation)),
  )
  return developerPage(
    '/_local/routes',
    'Routes',
    html`<h1>Routes</h1>
<p class="hint">Each is sent to this stack as it stands in the form. Codes arrive in the <a href="/_local">inbox</a>.</p>
<form class="bar"><label>Session token <input name="token" autocomplete="off" spellcheck="false" placeholder="taken from the last sign-in"></label></form>
${forms}`,
  )
}
