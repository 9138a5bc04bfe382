/** An address that is no page's. */
import { type App, type Page, single } from '../app/app.ts'
import { h } from '../app/dom.ts'
import { pagePaths } from '../paths.ts'

export const openNotFound = (app: App): Page =>
  single(() => {
    const { notFound, signIn, auth } = app.catalogue.texts
    return {
      title: notFound.title,
      emblem: 'search',
      content: [
        h('p', { class: 'lead' }, notFound.lead),
        h('a', { class: 'main', href: pagePaths.signIn }, signIn.title),
        h('nav', {}, h('a', { href: pagePaths.forgotPassword }, auth.forgotPassword)),
      ],
    }
  })
