/**
 * What judging something comes to: what may go on, or why not. The one shape of it, whatever is judged: whoever asks
 * tests `refused`, and then has what goes on.
 */
export type Judged<Goes extends object, Why> =
  | (Goes & { readonly refused?: undefined })
  | { readonly refused: Why }
