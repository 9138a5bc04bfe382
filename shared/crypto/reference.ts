/** The reference of an event, which its notices carry: short enough to be read out, and public how it is made. */
import { createHash } from 'node:crypto'
import { referenceCharacters, referenceInput, referenceOf } from '../contract/references.ts'

/** @returns as many characters as the longest reference has; each shorter one is how it begins */
export const longestReference = (eventId: string): string =>
  referenceOf(createHash('sha256').update(referenceInput(eventId)).digest())

/** @returns the eight characters that nearly all references are: the ninth is for those whose eight are another's. */
export const usualReference = (eventId: string): string =>
  longestReference(eventId).slice(0, referenceCharacters.least)
