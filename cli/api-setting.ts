/** Name of the setting that says where the API is, as `infra/service-stack.ts` gives it. */
export const apiSetting = 'API_URL'
