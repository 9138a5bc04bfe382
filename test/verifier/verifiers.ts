/** Both verifiers of an export, by their command lines: that of the product, and the one written from the format's page. */
import { execFileSync, spawnSync } from 'node:child_process'

export interface Verdict {
  readonly code: number
  /** What it wrote, to either stream. */
  readonly said: string
}

const needed = ['python3', 'openssl']

/** @returns commands that the second verifier needs and this machine lacks. */
export const missingCommands = (): string[] =>
  needed.filter((command) => spawnSync(command, ['--help']).error !== undefined)

/** The product's own, as `latchkey ledger verify`. */
export function firstVerifier(words: readonly string[]): Verdict {
  const command = ['cli/latchkey.js', 'ledger', 'verify', ...words]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  return { code: status ?? -1, said: stdout + stderr }
}

/**
 * Runs each command line in one process of the second verifier, which asks openssl nothing twice: a process for each
 * question would take minutes.
 */
const driver = `
import contextlib, io, json, sys
sys.path.insert(0, "test/verifier")
sys.dont_write_bytecode = True
import verify
asked = {}
def once(key, ask):
    if key not in asked:
        asked[key] = ask()
    return asked[key]
made_by, openssl = verify.Keys.made_by, verify.openssl
def made_by_once(keys, block, signature, text):
    with open(signature, "rb") as file:
        return once((block, file.read(), text), lambda: made_by(keys, block, signature, text))
def openssl_once(*words, data=b""):
    ask = lambda: openssl(*words, data=data)
    return once((words, data), ask) if words[0] == "pkey" else ask()
verify.Keys.made_by, verify.openssl = made_by_once, openssl_once
for words in json.load(sys.stdin):
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = verify.main(words)
    print(json.dumps({"code": code, "said": said.getvalue()}))
`

/** @throws Error where python3 is missing, or the verifier itself fails */
export function secondVerifier(all: readonly (readonly string[])[]): Verdict[] {
  const input = JSON.stringify(all)
  const output = execFileSync('python3', ['-c', driver], { input, encoding: 'utf8', maxBuffer: 2 ** 28 })
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Verdict)
}
