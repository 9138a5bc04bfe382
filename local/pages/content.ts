/** What a local route shows in place of JSON. */
export class Content {
  readonly type: string
  readonly body: string

  constructor(type: 'text/html' | 'text/css' | 'text/javascript', body: string) {
    this.type = `${type}; charset=utf-8`
    this.body = body
  }
}

export const pageOf = (body: string): Content => new Content('text/html', body)
