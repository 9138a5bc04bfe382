/** Made by the build out of `texts/`. */
declare module 'languages' {
  type Language = import('./choose-language.ts').Named & {
    /** @returns a promise that rejects where the file of the language cannot be fetched */
    load(): Promise<import('../texts/catalogue.ts').Catalogue>
  }

  /** English is the first. */
  export const languages: readonly [Language, ...Language[]]
}
