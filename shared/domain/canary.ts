/** The canary: a person who is nobody, so that whoever counts people or recoveries leaves it out by its userId. */
export const canaryUserId = 'latchkey-canary'
/** Before the `@` of its address. */
export const canaryMailbox = 'canary'
