/** Everything that is held about the stacks; one synthesis for all. */
import { aboutAccess } from './stacks/access.ts'
import { aboutAlarms } from './stacks/alarms.ts'
import { aboutApi } from './stacks/api.ts'
import { aboutData } from './stacks/data.ts'
import { aboutFirewall } from './stacks/firewall.ts'
import { aboutFunctions } from './stacks/functions.ts'
import { aboutLedger } from './stacks/ledger.ts'
import { aboutLogs } from './stacks/logs.ts'
import { aboutNames } from './stacks/names.ts'
import { aboutPages } from './stacks/pages.ts'
import { stageConfig, synth } from './synth.ts'

// Fails by itself where the rule checker finds anything that is not acknowledged with its reason.
const config = stageConfig('prod')
const stacks = synth(config)

aboutData(stacks)
aboutLedger(stacks)
aboutAccess(stacks)
aboutFunctions(stacks, config)
aboutApi(stacks, config)
aboutFirewall(stacks)
aboutAlarms(stacks)
aboutPages(stacks, config)
aboutNames(stacks)
aboutLogs(stacks)
