/**
 * Every number of the product that is not a row of the flow table. Units stand in the names.
 * A change here is a change of policy: raise `policyVersion`, which each ledger entry carries.
 */
export const policy = Object.freeze({
  policyVersion: '2026-11-5',

  /** A VERIFIED challenge, its token and its code alike; ASVS 6.5.5 allows 10 minutes. */
  verifiedLifeSeconds: 600,
  /** Default of the setting SESSION_HOURS. */
  sessionLifeSeconds: 12 * 3600,
  /** NIST 800-63B asks for a new sign-in after 30 days at the latest. */
  sessionHours: { least: 1, most: 30 * 24 },
  /** The last use is known to the minute (sessionTouchSeconds): of a quarter of an hour that is a fifteenth. */
  sessionIdleHours: { least: 0.25, most: 30 * 24 },
  possessionFactorLifeSeconds: 15 * 60,
  pinFactorLifeSeconds: 5 * 60,
  /** Last use is written at most this often, so that reading a session stays a read. A session that ends unused ends as much too early at most. */
  sessionTouchSeconds: 60,

  /** Refusals of a new secret that speak of a stored or a known one, a challenge: over code and token together. */
  secretRefusalsPerChallenge: 5,
  /** The same behind a session and its present password. */
  secretRefusalsPerIdentityHour: 5,

  /** NIST 800-63B: at most 100 consecutive failures for one account. */
  failedGuessesBeforeFreeze: 100,
  freezeSeconds: 24 * 3600,
  /** In a row, over all sign-ins of an identity: then its password has leaked. NIST 800-63B 3.2.2. */
  wrongSignInCodesPerIdentity: 100,
  /** Of one session; then it ends. */
  wrongStepUpCodesPerSession: 100,

  /** So long support finds a person by the reference in a notice: a year and a month. */
  referenceDays: 400,

  /** The link under 'it was not me' in a confirmation: long enough for a week away from the mailbox. */
  notMeLifeSeconds: 7 * 24 * 3600,
  /** Of the token in that link: 128 bits, and no more, because it stands in an SMS. */
  notMeTokenBytes: 16,

  /** The most that a stage may let one address do in an hour: one update shifts the time of each, in 4 KB of expression. */
  addressBudgetMost: 100,

  /** Guesses at codes that are not there leave entries without end, and change nothing: so many an hour, then one that says so. */
  uncountedGuessEntriesPerIpHour: 50,

  /** NIST: an activation secret is disabled after 10 consecutive failures. */
  pinFailuresBeforeLock: 10,

  loginFailuresPerIdentifier: 10,
  loginFailuresPerIdentifierWindowSeconds: 15 * 60,
  loginFailuresPerIp: 50,
  loginFailuresPerIpWindowSeconds: 3600,
  /** In a row, over all aliases of one identity; then login answers through a decoy. */
  loginFailuresPerIdentity: 100,

  pairMismatchesPerIdentifier: 5,
  pairMismatchesPerPhone: 5,
  pairMismatchesPerIp: 10,
  pairMismatchWindowSeconds: 3600,

  /** Routes that look someone up before replying answer no sooner than this (G1); above their p99. */
  pairFloorMs: 150,
  /**
   * Default of the setting LOGIN_FLOOR_MS: what hashCosts asks for bcrypt of cost 12, which PHP, Laravel and Devise use
   * unless told otherwise. People bear up to about 500 ms.
   */
  loginFloorMs: 450,
  /** The lowest that a deployer may set: about a login with a hash of our own on half a processor. */
  loginFloorLeastMs: 100,
  /** Below it the floor hides no hash of another cost than ours: none is taken, and functions that hash have half a processor. */
  importFloorLeastMs: 200,
  /**
   * What a check of an imported hash costs, in milliseconds of the one processor that a function has: measured on x64
   * (docs/adr/0061 and 0079), and a quarter on top for the processor deployed. A hash that no floor covers is refused.
   */
  hashCosts: {
    argon2MsPerMiBPass: 0.7,
    /** Rounds are 2 to the power of the cost. */
    bcryptMsPerRound: 0.095,
    /** A thousand iterations, by the function under them. */
    pbkdf2MsPerThousand: { sha1: 0.25, sha256: 0.25, sha512: 0.75 },
    /** Memory is 128 N r; each of p lanes goes through it. */
    scryptMsPerMiBLane: 4.2,
    phpassMsPerRound: 0.0016,
    /** A login's own part, and the waiting for its calls. */
    besidesHashMs: 60,
    floorStepMs: 50,
  },

  passwordHistory: 5,
  passwordMaxCharacters: 128,
  passwordMinCharacters: { standard: 8, enterprise: 12 },
  /** Have I Been Pwned: past this the reset goes on and records `breachCheck: skipped`. */
  breachCheckTimeoutMs: 1000,

  /** OWASP password storage: argon2id m=19 MiB, t=2, p=1. */
  argon2: { memoryKiB: 19_456, passes: 2, lanes: 1, saltBytes: 16, hashBytes: 32 },
  /** An imported hash may cost no more than this, or one login could hold a function for seconds. */
  importLimits: {
    bcryptCost: 14,
    argon2MemoryKiB: 262_144,
    argon2Passes: 10,
    argon2Lanes: 8,
    pbkdf2Iterations: 5_000_000,
    scryptMiB: 256,
    scryptLanes: 16,
    /** Over all lanes. */
    scryptWorkMiB: 1024,
    phpassCostLog2: 17,
  },

  /** More documents than anyone has to accept; a session may not grow its identity without end. */
  consentsPerIdentity: 20,

  /** Addresses that were taken away are kept as long as a message may still tell them of it: as long as its link lives. */
  formerAddressSeconds: 7 * 24 * 3600,
  formerAddresses: 10,

  /** An operator's pause of a country ends by itself, lest it be forgotten. */
  smsHaltDays: 7,
  smsDailyCapPerCountry: 10_000,
  smsCountries: ['EG', 'IN'],

  /**
   * Recovery codes by SMS that were never given back, per country, beyond which they pause. A day, always allowed; default
   * of the setting SMS_UNVERIFIED_FLOORS.
   */
  smsUnverifiedPerDay: 20,
  /** A day, as a share of the best day's verified codes. */
  smsUnverifiedShare: 0.2,
  smsHistoryDays: 14,
  /** An hour: what one person can ask for by both flows is not beyond it; then a sixth of the day's. */
  smsUnverifiedPerHour: 10,
  smsUnverifiedHourShare: 1 / 6,
  /** At once, before their life has ended, where most are not verified. */
  smsOpenCodes: 100,
  /** As long as the longest life of such a code. */
  smsSlotSeconds: 600,
  /** Renewed each minute while it holds. */
  smsPauseSeconds: 180,

  /**
   * Four codes an hour, of the five that a person may ask for. A letter that takes longer than this is late for people too, whose
   * code lives five minutes.
   */
  canary: { everySeconds: 900, waitSeconds: 90, pauseSeconds: 2, replySeconds: 30 },

  bodyMaxBytes: 10 * 1024,
  /** Each call to another service; the SDK retries within its own attempts. */
  callTimeoutMs: 3000,
  /** With the SDK's own backoff between them. */
  callAttempts: 3,

  /** Point-in-time recovery of DynamoDB ends five minutes ago: a younger row of the outbox comes from no table that was set back. */
  restoredRowSeconds: 300,
  checkpointIntervalSeconds: 300,
  emptyCheckpointIntervalSeconds: 3600,
  /** A chain takes one transaction at a time, and a flood of asks for unknown people all go here. Never fewer: names stay as they were. */
  unknownSubjectChains: 256,
} as const)
