/** Before the names of the letters in the canary's mailbox, as the receipt rule of SES is told. */
export const lettersPrefix = 'letters/'
