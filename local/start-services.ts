/** `npm run services`: the emulated services and the workers, for an API that runs elsewhere, such as under `sam local`. */
import {
  dataDirGiven,
  portGiven,
  runCommand,
  senderGiven,
  settingsGiven,
  trustedHostsGiven,
} from './command.ts'
import { bridgeAddress, desktopHost, startRelay } from './lambda/containers.ts'
import { commands, portsOf, variablesFile, writeVariables } from './lambda/sam.ts'
import { startStack } from './stack.ts'

/** Beside 3000, where SAM serves the API. */
const usualPort = 3001

await runCommand(usualPort, async ({ say, watchers }) => {
  const bridge = await bridgeAddress()
  const stack = await startStack({
    port: portGiven(usualPort),
    // What containers call the services by.
    trustedHosts: [desktopHost, ...(bridge === undefined ? [] : [bridge]), ...trustedHostsGiven()],
    ...dataDirGiven(),
    ...(await senderGiven()),
    seed: true,
    settings: { ORIGIN: 'http://localhost:3000', ...settingsGiven() },
    api: false,
    ...watchers,
  })
  const { environment } = stack.services
  const relay = await startRelay(portsOf(environment), bridge)
  writeVariables(environment, relay.host)
  say(
    `In another terminal (docs/sam-local.md; variables in ${variablesFile}):\n\n${commands()}\n`,
    `ready ${stack.url}`,
  )
  return async () => {
    await relay.close()
    await stack.close()
  }
})
