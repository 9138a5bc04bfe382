// Run as a fresh process with the path of a bundle: prints how many milliseconds its import and set-up took.
import { pathToFileURL } from 'node:url'

const url = pathToFileURL(process.argv[2]).href
const start = performance.now()
await import(url)
process.stdout.write(String(performance.now() - start))
