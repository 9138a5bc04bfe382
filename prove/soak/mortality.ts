/** Variables that tell a mortal worker which handler it stands for, and how likely each death is. */
export const mortality = {
  handler: 'SOAK_HANDLER',
  perCall: 'SOAK_DEATHS_PER_CALL',
  perRun: 'SOAK_DEATHS_PER_RUN',
} as const
