/** Builds functions and pages of the stage whose configuration is the argument, as JSON: the process that `prebuilt.ts` starts. */
import { bundle } from './bundle.ts'
import { isPackaged } from './bundle-folder.ts'
import type { StageConfig } from './config.ts'
import { buildStagePages } from './pages-files.ts'

const config = JSON.parse(process.argv[2] ?? '') as StageConfig
if (!isPackaged) await bundle({ processor: config.target.processor })
if (config.target.pages) await buildStagePages(config)
