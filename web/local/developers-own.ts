/** What the pages show on a developer's machine alone. `web/build.ts` takes it in where there is an inbox; a deployed build holds none of it. */
import { showCodes, toastStyle } from './code-toast.ts'
import { noteStyle, showStartNote } from './start-note.ts'

/** @param inbox path of the local routes, such as `/_local` */
export function showDevelopersOwn(inbox: string): void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(toastStyle + noteStyle)
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
  showStartNote(inbox)
  void showCodes(inbox)
}
