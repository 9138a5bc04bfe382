/** Carries what the console printed at its start: a page of another origin cannot set it, another user of the machine does not know it. */
export const consoleHeader = 'x-latchkey-console'
