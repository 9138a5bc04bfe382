/** Mutants that may live, and why: no test could tell them from the code, or none should. */

export interface Accepted {
  readonly reason: string
  /** `file: mutator: original => replacement`, as the proof prints them. */
  readonly mutants: readonly string[]
}

export const accepted: readonly Accepted[] = [
  {
    reason: 'The pattern is tried on six digits alone, as the line above it makes sure.',
    mutants: [
      'shared/domain/pin.ts: Regex: /^(..)\\1\\1$/ => /(..)\\1\\1$/',
      'shared/domain/pin.ts: Regex: /^(..)\\1\\1$/ => /^(..)\\1\\1/',
      'shared/domain/pin.ts: Regex: /^(...)\\1$/ => /(...)\\1$/',
      'shared/domain/pin.ts: Regex: /^(...)\\1$/ => /^(...)\\1/',
      'shared/domain/pin.ts: Regex: /^(.)\\1(.)\\2(.)\\3$/ => /(.)\\1(.)\\2(.)\\3$/',
      'shared/domain/pin.ts: Regex: /^(.)\\1(.)\\2(.)\\3$/ => /^(.)\\1(.)\\2(.)\\3/',
    ],
  },
  {
    reason:
      'A default for what always has a value here: an index within the text, and a pattern that may match nothing, always give one.',
    mutants: [
      'shared/domain/password-forms.ts: StringLiteral: \'\' => "Stryker was here!"',
      'shared/domain/password-forms.ts: OptionalChaining: /[@0135$]*$/.exec(text.slice(0, start).slice(-mostAtEnd))?.[0] => /[@0135$]*$/.exec(text.slice(0, start).slice(-mostAtEnd))[0]',
      'shared/domain/password-forms.ts: OptionalChaining: /^[@0135$]*/.exec(text.slice(start + core.length))?.[0] => /^[@0135$]*/.exec(text.slice(start + core.length))[0]',
      'shared/domain/trivial.ts: StringLiteral: \'\' => "Stryker was here!"',
      'shared/domain/trivial.ts: OptionalChaining: points[0]?.codePointAt => points[0].codePointAt',
    ],
  },
  {
    reason: 'A pattern that may match nothing matches where the text begins, also without being held to it.',
    mutants: ['shared/domain/password-forms.ts: Regex: /^[@0135$]*/ => /[@0135$]*/'],
  },
  {
    reason: 'Both directions are tried, whichever comes first.',
    mutants: ['shared/domain/trivial.ts: ArithmeticOperator: first + step * index => first - step * index'],
  },
  {
    reason: 'A first character that is not in the row is not its last key either, which stands at -1.',
    mutants: ['shared/domain/trivial.ts: ConditionalExpression: first >= 0 => true'],
  },
  {
    reason: 'No channel is exactly on the bound: 10 of 255 is below it, and 11 above.',
    mutants: ['shared/domain/contrast.ts: EqualityOperator: part <= 0.04045 => part < 0.04045'],
  },
  {
    reason: 'No colour has the same contrast with white and with black: all 16,777,216 were tried.',
    mutants: [
      "shared/domain/contrast.ts: EqualityOperator: contrast(colour, '#ffffff') >= contrast(colour, '#000000') => contrast(colour, '#ffffff') > contrast(colour, '#000000')",
    ],
  },
  {
    reason:
      'No two colours have a contrast of exactly 3: the luminances of all were held against each other.',
    mutants: [
      'shared/domain/contrast.ts: EqualityOperator: contrast(lighter, ground) >= seenContrast => contrast(lighter, ground) > seenContrast',
    ],
  },
  {
    reason: 'Words have no capital letter, so the first shares nothing with this text either.',
    mutants: ['shared/domain/front-code.ts: StringLiteral: \'\' => "Stryker was here!"'],
  },
  {
    reason: 'What stands before an @ at the beginning is empty, and too short to be looked for.',
    mutants: ['shared/domain/password-rules.ts: EqualityOperator: at < 0 => at <= 0'],
  },
  {
    reason: 'Nothing follows the block, so undefined comes back all the same.',
    mutants: ['shared/domain/return-to.ts: BlockStatement: { return undefined } => {}'],
  },
  {
    reason: 'A text that is no address and no name of this machine is refused as an empty one is.',
    mutants: ['shared/domain/return-to.ts: StringLiteral: \'\' => "Stryker was here!"'],
  },
  {
    reason: 'Only an address that could be read is safe or listed.',
    mutants: ['shared/domain/return-to.ts: OptionalChaining: url?.href => url.href'],
  },
  {
    reason: 'A text that names no browser and no system says as little as an empty one.',
    mutants: ['shared/domain/user-agent.ts: StringLiteral: \'\' => "Stryker was here!"'],
  },
  {
    reason:
      'A default for what always has a value: the compiler does not know that the pattern, the split or the index gives one.',
    mutants: [
      'shared/domain/mask.ts: StringLiteral: \'\' => "Stryker was here!"',
      'shared/domain/source.ts: StringLiteral: \'\' => "Stryker was here!"',
      'shared/crypto/tokens.ts: StringLiteral: \'\' => "Stryker was here!"',
      'shared/ledger/lines.ts: OptionalChaining: rules[name]?.(fields[name]) => rules[name](fields[name])',
      'shared/ledger/verify-checkpoints.ts: OptionalChaining: leaves[place - 1]?.chain => leaves[place - 1].chain',
      'shared/ledger/verify-checkpoints.ts: StringLiteral: \'\' => "Stryker was here!"',
      'shared/ledger/verify-checkpoints.ts: OptionalChaining: leaves[place]?.chain => leaves[place].chain',
      'shared/ledger/verify-entries.ts: StringLiteral: \'\' => "Stryker was here!"',
      'shared/ledger/verify.ts: StringLiteral: \'\' => "Stryker was here!"',
    ],
  },
  {
    reason: 'A salt costs no time.',
    mutants: ['shared/crypto/scheme.ts: StringLiteral: \'\' => "Stryker was here!"'],
  },
  {
    reason: 'Our own secrets are normalised, whatever their scheme.',
    mutants: ['shared/crypto/seal.ts: ObjectLiteral: { scheme } => {}'],
  },
  {
    reason: 'No list of countries holds an undefined one.',
    mutants: ['shared/domain/sendable.ts: ConditionalExpression: country === undefined => false'],
  },
  {
    reason: 'A slot that has just ended counts in the day as well, whose limit is lower and is judged first.',
    mutants: ['shared/domain/sms-breaker.ts: EqualityOperator: overAt(slot) > now => overAt(slot) >= now'],
  },
  {
    reason: 'Groups after the first four are not looked at, and the others come out the same.',
    mutants: [
      "shared/domain/source.ts: ConditionalExpression: tail === '' => false",
      'shared/domain/source.ts: ArrayDeclaration: [] => ["Stryker was here"]',
      'shared/domain/source.ts: ConditionalExpression: tail === undefined => false',
      'shared/domain/source.ts: Regex: /[0-9]+\\.[0-9.]+$/ => /[0-9]+\\.[0-9.]+/',
      'shared/domain/source.ts: Regex: /[0-9]+\\.[0-9.]+$/ => /[0-9]\\.[0-9.]+$/',
    ],
  },
  {
    reason: 'A register that is empty is full until the length of its window after 1970.',
    mutants: ['shared/stores/registers.ts: ConditionalExpression: oldest === 0 => false'],
  },
  {
    reason: 'Keys of one object differ, and any fixed order gives the same text for the same scheme.',
    mutants: [
      'shared/crypto/scheme.ts: EqualityOperator: a < b => a <= b',
      'shared/crypto/scheme.ts: EqualityOperator: a < b => a >= b',
    ],
  },
  {
    reason:
      'The quick way only: what it turns away or takes too far, the library judges, with the same answer.',
    mutants: [
      "shared/ledger/canonical.ts: BlockStatement: { if (typeof value === 'string') return value.isWellFormed() if (typeof value === 'number') return Number.isSafeInteger(value) if (typeof value !== 'object' || value === null) return true if (level === deepestLevel) return false if (Array.isArray(value)) return value.every((part) => inOrder(part, level + 1)) let last = '' for (const key in value) { if (key < last || !key.isWellFormed() || !inOrder((value as Record<string, unknown>)[key], level + 1)) return false last = key } return true } => {}",
      "shared/ledger/canonical.ts: ConditionalExpression: typeof value === 'number' => true",
      "shared/ledger/canonical.ts: EqualityOperator: typeof value === 'number' => typeof value !== 'number'",
      "shared/ledger/canonical.ts: ConditionalExpression: typeof value !== 'object' || value === null => false",
      "shared/ledger/canonical.ts: LogicalOperator: typeof value !== 'object' || value === null => typeof value !== 'object' && value === null",
      "shared/ledger/canonical.ts: ConditionalExpression: typeof value !== 'object' => false",
      'shared/ledger/canonical.ts: ConditionalExpression: value === null => false',
      'shared/ledger/canonical.ts: BooleanLiteral: true => false',
      'shared/ledger/canonical.ts: ConditionalExpression: level === deepestLevel => true',
      'shared/ledger/canonical.ts: EqualityOperator: level === deepestLevel => level !== deepestLevel',
      'shared/ledger/canonical.ts: ConditionalExpression: Array.isArray(value) => false',
      'shared/ledger/canonical.ts: ArrowFunction: (part) => inOrder(part, level + 1) => () => undefined',
      'shared/ledger/canonical.ts: StringLiteral: \'\' => "Stryker was here!"',
      'shared/ledger/canonical.ts: ConditionalExpression: key < last || !key.isWellFormed() || !inOrder((value as Record<string, unknown>)[key], level + 1) => true',
      'shared/ledger/canonical.ts: EqualityOperator: key < last => key <= last',
      'shared/ledger/canonical.ts: EqualityOperator: key < last => key >= last',
      'shared/ledger/canonical.ts: ConditionalExpression: inOrder(value) && JSON.stringify(value) === text => false',
    ],
  },
  {
    reason: 'Sum and difference are even or odd together.',
    mutants: ['shared/ledger/json-text.ts: ArithmeticOperator: quote - slashes => quote + slashes'],
  },
  {
    reason:
      'Before the first bracket of a JSON text there is no comma, so nothing is asked of what stands there.',
    mutants: [
      'shared/ledger/json-text.ts: ArrayDeclaration: [] => ["Stryker was here"]',
      'shared/ledger/json-text.ts: StringLiteral: \'\' => "Stryker was here!"',
    ],
  },
  {
    reason: 'What is no object has no field either, and is malformed all the same.',
    mutants: ["shared/ledger/lines.ts: ConditionalExpression: typeof leaf !== 'object' => false"],
  },
  {
    reason: 'A step that is no text is no hash either, and leads nowhere.',
    mutants: [
      "shared/ledger/receipt.ts: ConditionalExpression: typeof hash === 'string' => true",
      'shared/ledger/receipt.ts: StringLiteral: \'\' => "Stryker was here!"',
    ],
  },
  {
    reason: 'Below the bound all are taken, whatever their order; they are sorted by chain afterwards.',
    mutants: [
      'shared/ledger/sealing.ts: ConditionalExpression: moved.length > most => true',
      'shared/ledger/sealing.ts: EqualityOperator: moved.length > most => moved.length >= most',
    ],
  },
  {
    reason: 'A level is a whole number of hashes; one more round copies nothing.',
    mutants: ['shared/ledger/tree.ts: EqualityOperator: from < level.length => from <= level.length'],
  },
  {
    reason: 'No path of a test is 31 steps long; the bound keeps the shifts within 32 bits.',
    mutants: [
      'shared/ledger/tree.ts: ConditionalExpression: size > 0x7fffffff => false',
      'shared/ledger/tree.ts: EqualityOperator: size > 0x7fffffff => size >= 0x7fffffff',
    ],
  },
  {
    reason: 'At place 0 the last is 0 too, and shifting it changes nothing.',
    mutants: ['shared/ledger/tree.ts: ConditionalExpression: place !== 0 => true'],
  },
  {
    reason: 'Saves memory alone.',
    mutants: [
      'shared/ledger/verify-checkpoints.ts: ConditionalExpression: wanted.has(checkpoint.number) => true',
      'shared/ledger/verify-checkpoints.ts: ArrayDeclaration: [] => ["Stryker was here"]',
    ],
  },
  {
    reason:
      'Every entry has a chain, which stands before its hash, so the member is always found; the other way is a second lock.',
    mutants: [
      'shared/ledger/verify-entries.ts: ConditionalExpression: start !== -1 => true',
      'shared/ledger/verify-entries.ts: ConditionalExpression: start !== -1 => false',
      'shared/ledger/verify-entries.ts: EqualityOperator: start !== -1 => start === -1',
      'shared/ledger/verify-entries.ts: UnaryOperator: -1 => +1',
    ],
  },
  {
    reason: 'Called for another chain alone, so the two differ.',
    mutants: [
      'shared/ledger/verify-entries.ts: EqualityOperator: entry.chain < this.#chain => entry.chain <= this.#chain',
    ],
  },
  {
    reason: 'Tells how far a long export is: 65,536 lines would take a test half a second.',
    mutants: [
      'shared/ledger/verify-entries.ts: ConditionalExpression: walk.entries % 65_536 === 0 => false',
      'shared/ledger/verify-entries.ts: ArithmeticOperator: walk.entries % 65_536 => walk.entries * 65_536',
      'shared/ledger/verify-entries.ts: CallExpression: progress(walk.entries) => ;',
      "shared/ledger/verify.ts: ArrowFunction: (done) => progress('entries', done) => () => undefined",
      'shared/ledger/verify.ts: StringLiteral: \'entries\' => ""',
    ],
  },
  {
    reason: 'A catalogue holds texts and groups of texts alone.',
    mutants: [
      "shared/domain/own-texts.ts: ConditionalExpression: typeof each === 'object' && each !== null => true",
      "shared/domain/own-texts.ts: ConditionalExpression: typeof each === 'object' => true",
      "shared/domain/own-texts.ts: LogicalOperator: typeof each === 'object' && each !== null => typeof each === 'object' || each !== null",
      'shared/domain/own-texts.ts: ConditionalExpression: each !== null => true',
    ],
  },
  {
    reason: 'A text has neither an address nor a time, so as a former address it counts for none.',
    mutants: ['shared/domain/identity.ts: ArrayDeclaration: [] => ["Stryker was here"]'],
  },
  {
    reason: 'A country without zones has no clock, and one that names itself by its code has a name.',
    mutants: [
      'shared/domain/local-time.ts: StringLiteral: \'\' => "Stryker was here!"',
      'shared/domain/local-time.ts: ConditionalExpression: country !== undefined => true',
    ],
  },
  {
    reason: 'What returns nothing returns undefined.',
    mutants: ['shared/domain/local-time.ts: BlockStatement: { return undefined } => {}'],
  },
  {
    reason: 'Two names that only have to differ.',
    mutants: [
      'shared/crypto/seal.ts: EqualityOperator: imported === true => imported !== true',
      'shared/crypto/seal.ts: StringLiteral: \'typed\' => ""',
      'shared/crypto/seal.ts: StringLiteral: \'NFKC\' => ""',
    ],
  },
  {
    reason:
      'Signs are looked past in the phone number too, so what takes its plus away may leave another one.',
    mutants: ['shared/domain/password-rules.ts: StringLiteral: \'\' => "Stryker was here!"'],
  },
  {
    reason: 'The code of an issue is not shown; its message is.',
    mutants: ['shared/contract/schemas.ts: StringLiteral: \'custom\' => ""'],
  },
]
