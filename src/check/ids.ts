/** Rules about files, in the order in which they are told. */
export const fileRuleIds = [
  'secret-fallback',
  'secret-in-compose',
  'secret-in-dockerfile',
  'secret-in-command',
  'secret-in-code',
  'secret-placeholder',
  'secret-copied',
  'secret-file-unreadable',
  'env-file-tracked',
  'database-without-volume',
  'broker-without-hostname',
  'database-password-differs',
  'healthcheck-tool-missing',
  'mutable-tag',
  'no-healthcheck',
  'useless-healthcheck',
  'inherited-healthcheck',
  'no-memory-limit',
  'root-user',
  'shell-form-command',
  'missing-depends-on',
  'host-list-misses-domain',
  'compiler-in-image',
  'cache-hostile-order',
  'no-dockerignore',
  'published-port',
  'unlimited-logs',
  'volume-without-backup',
  'migration-without-backup',
  'backup-without-alert',
] as const

/** Rules about the server and what leads to it: `zarpe check --remote`. */
export const remoteRuleIds = [
  'server-not-ready',
  'port-taken',
  'certificate-forbidden',
  'domain-elsewhere',
  'port-blocked',
  'disk-short',
  'memory-short',
  'build-too-big',
  'engine-old',
] as const

/** What `zarpe check --history` looks for, in commits instead of files. */
const historyRuleIds = ['secret-in-history'] as const

/** The id of every rule of `zarpe check`, as it is written to turn one off. */
export const ruleIds = [...fileRuleIds, ...remoteRuleIds, ...historyRuleIds] as const

export type FileRuleId = (typeof fileRuleIds)[number]
export type RemoteRuleId = (typeof remoteRuleIds)[number]
export type RuleId = (typeof ruleIds)[number]
