/** Where the process of `stack-process.ts` is, as `startProcess` of the bench names it. */
export const stackProcess = '../../prove/http/stack-process.ts'
