/** `npm start`: the whole stack on one machine, kept in LATCHKEY_DATA_DIR where that is set. */
import { agreementToAsk } from '../shared/domain/consent.ts'
import { namesIn } from '../shared/settings.ts'
import { buildPages } from '../web/build.ts'
import { optionsGiven, returnToGiven, runCommand, senderGiven, settingsGiven } from './command.ts'
import { welcome } from './console.ts'
import { startStack } from './stack.ts'

const usualPort = 3000

/** The pages as the checkout has them. The service works without them, so a build that fails is only told. */
async function buildHostedPages(returnTo: readonly string[]): Promise<void> {
  const { CONSENT = '', CONSENTS = '', PRODUCT = '', SMS_COUNTRIES = '', TEXTS = '' } = settingsGiven()
  try {
    await buildPages({
      inbox: '/_local',
      consentUrl: '/_local/agreement',
      ...(PRODUCT !== '' && { product: PRODUCT }),
      consent: agreementToAsk(CONSENT, namesIn(CONSENTS)),
      texts: TEXTS,
      ...(SMS_COUNTRIES !== '' && { countries: namesIn(SMS_COUNTRIES) }),
      returnTo,
    })
  } catch (error) {
    console.error(`The pages were not built: ${(error as Error).message}`)
  }
}

await runCommand(usualPort, async ({ say, watchers }) => {
  await buildHostedPages(returnToGiven())
  const stack = await startStack({
    ...optionsGiven(usualPort),
    ...(await senderGiven()),
    seed: true,
    ...watchers,
  })
  say(...welcome(stack.url), `ready ${stack.url}`)
  return stack.close
})
