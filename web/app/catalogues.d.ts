/** Made by the build out of `texts/`. */
declare module 'catalogues' {
  import type { Catalogue } from '../texts/catalogue.ts'
  export const catalogues: readonly Catalogue[]
}
