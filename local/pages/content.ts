/** What a local route shows in place of JSON. */
export class Content {
  readonly type: string
  readonly body: string
  /** Content-Security-Policy, where it is not the developer's pages' own. */
  readonly policy: string | undefined

  constructor(type: 'text/html' | 'text/css' | 'text/javascript', body: string, policy?: string) {
    this.type = `${type}; charset=utf-8`
    this.body = body
    this.policy = policy
  }
}

export const pageOf = (body: string): Content => new Content('text/html', body)
