/** Names of a stage's stacks. They never change: a stack under another name would be a second one. */
export const stackName = (
  stage: string,
  part: 'data' | 'service' | 'workers' | 'pages' | 'replica' | 'abroad',
) => `latchkey-${stage}-${part}`
