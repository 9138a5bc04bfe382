/** Latchkey on this machine from the installed package, for who works on something that calls it: `npm start`. */
import { startLatchkey } from 'latchkey/testing'

const { PORT = '3000', LATCHKEY_SENDER: sender } = process.env
const { url } = await startLatchkey({ port: Number(PORT), seed: true, ...(sender && { sender }) })
console.log(`Latchkey at ${url}: its pages; ${url}/_local: messages, people, clock; Ctrl-C ends it`)
