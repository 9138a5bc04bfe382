/** A try was refused, and the one before may have worked although its answer was lost: see by signing in, or start again. */
import type { App } from '../app/app.ts'
import { type PagePath, pagePaths } from '../paths.ts'
import type { Explanation } from './problem.ts'

/** @param path of the page's first step */
export function maybeDone(app: App, text: NonNullable<Explanation['text']>, path: PagePath): Explanation {
  const { signIn, common } = app.catalogue.texts
  return {
    text,
    actions: [
      { label: signIn.title, run: () => app.go(pagePaths.signIn) },
      { label: common.startAgain, run: () => app.go(path, { replace: true }) },
    ],
  }
}
