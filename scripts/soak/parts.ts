// The long runs, each with what is asked of it. A part runs the tests of one scenario file whose names
// it gives; docs/soak.md has a row for each, run or not.

export type Part = {
  /** The word to choose it by; also what the scenario names when it tells its outcome. */
  part: string
  asked: string
  file: string
  /** Of the names of its tests; without it the whole file. */
  tests?: string
  /** For its tests; `ZARPE_SOAK` 0 asks for their short form. */
  env?: Record<string, string>
  /** What its servers pull and the lab may not be able to make: without these it is not run. */
  images?: string[]
  /** About how long on two quiet cores, set-up of its server included. */
  minutes: number
}

/** What a version of PostgreSQL goes through. */
const onPostgres = (version: number): Part[] =>
  (
    [
      ['postgres', 'backups', 'backups, restores and rollbacks with data, all of it', 9],
      ['moments', 'point-in-time', 'any moment comes back,', 8],
      ['provision', 'provision', 'roles, rights and passwords of a database,', 3],
    ] as const
  ).map(([part, file, what, minutes]) => ({
    part: `${part}-${version}`,
    asked: `${what} on PostgreSQL ${version}`,
    file,
    env: { ZARPE_SOAK: '0', ZARPE_TEST_POSTGRES: String(version) },
    images: [`postgres:${version}`],
    minutes,
  }))

export const parts: Part[] = [
  {
    part: 'gapless-graceful',
    asked: '0 requests lost at 400/s by 20 releases and 5 rollbacks; streams end politely',
    file: 'gapless',
    tests: 'stops gracefully',
    minutes: 10,
  },
  {
    part: 'gapless-new',
    asked:
      '0 requests lost at 500/s, each on a connection of its own, by 50 releases and 5 rollbacks',
    file: 'gapless',
    tests: 'stops gracefully',
    env: { ZARPE_SOAK_RELEASES: '50', ZARPE_SOAK_RATE: '500', ZARPE_SOAK_MIX: 'new' },
    minutes: 22,
  },
  {
    part: 'registry',
    asked: 'no registry can be reached: 10 rollbacks lose 0 requests',
    file: 'gapless',
    tests: 'no registry',
    minutes: 4,
  },
  {
    part: 'gapless-ignore',
    asked: 'the same of an app that ignores SIGTERM',
    file: 'gapless',
    tests: 'ignores SIGTERM',
    minutes: 14,
  },
  {
    part: 'gapless-exit',
    asked: 'the same of an app that exits at once, with a drain',
    file: 'gapless',
    tests: 'exits at once',
    minutes: 12,
  },
  {
    part: 'long-requests',
    asked:
      '20 requests of 10 s under way in each of 10 releases: 0 cut; after each, 0 of 1,000 answers of the release before',
    file: 'gapless',
    tests: 'takes 10 s|no earlier',
    minutes: 6,
  },
  {
    part: 'streams',
    asked:
      '0 of 100 WebSockets, event streams and requests of one app end while another comes, is released 10 times and goes',
    file: 'gapless',
    tests: 'takes nothing from the first',
    minutes: 3,
  },
  {
    part: 'bad-releases',
    asked: 'bad releases of eleven kinds end within their deadline, lose 0 requests, leave nothing',
    file: 'bad-releases',
    minutes: 5,
  },
  {
    part: 'twice',
    asked: 'a deploy of what runs changes nothing: the same task ids',
    file: 'release',
    tests: 'goes live|changes nothing',
    minutes: 3,
  },
  {
    part: 'crash',
    asked:
      'the agent, the command and the connection die before and after every step of a release that replaces another: all converge, each migration runs once, 0 requests lost',
    file: 'crash',
    minutes: 55,
  },
  {
    part: 'verbs',
    asked:
      'the agent dies at every step of a first release with a secret, data and alerts, of a rollback, a scaling and a removal: all converge',
    file: 'crash-verbs',
    minutes: 25,
  },
  {
    part: 'locks',
    asked:
      'of two deploys that start together, 50 times, one wins and the other is told; of two scalings, 50 times; a dead holder holds nothing',
    file: 'locks',
    minutes: 25,
  },
  {
    part: 'reboot',
    asked:
      'reboot, power cut, engine restarted and killed, also in mid-release, the power at ten random moments: serving within 60 s',
    file: 'reboot',
    minutes: 14,
  },
  {
    part: 'reboot-12',
    asked: 'the same on Debian 12 with its own engine, 20.10',
    file: 'reboot',
    env: { ZARPE_TEST_DEBIAN: '12' },
    minutes: 10,
  },
  {
    part: 'growth',
    asked: '100 releases: the disk holds what is kept, ±5 %; networks and volumes ±0',
    file: 'limits',
    tests: 'releases',
    minutes: 20,
  },
  {
    part: 'flood',
    asked: 'a log flood of 60 s stays within the cap',
    file: 'limits',
    tests: 'floods its log',
    minutes: 4,
  },
  {
    part: 'output',
    asked: '1 GiB of output passes through a client of less than 200 MiB',
    file: 'limits',
    tests: 'output without end',
    minutes: 3,
  },
  {
    part: 'secrets',
    asked:
      '20 secrets in 8 encodings: 0 occurrences in outputs, logs, process lists, images, files',
    file: 'secrets',
    minutes: 4,
  },
  {
    part: 'names',
    asked: '500 hostile names, paths, branches, tags, domains: the canary never appears',
    file: 'names',
    minutes: 15,
  },
  {
    part: 'scan',
    asked:
      'from outside only SSH, 80 and 443 answer, of all ports, over TCP and UDP, IPv4 and IPv6; also after restarts, ufw and a reboot; a broken sshd or firewall reverts by itself',
    file: 'setup',
    minutes: 9,
  },
  {
    part: 'uninstall',
    asked: 'nothing of Zarpe is left but what the plan lists',
    file: 'uninstall',
    minutes: 4,
  },
  {
    part: 'setup-killed',
    asked:
      'a user with sudo sets a bare server up; the agent dies after each step of a set-up and of an uninstall: each goes on, and ends as if nothing had been',
    file: 'setup-killed',
    minutes: 7,
  },
  {
    part: 'versions',
    asked: 'client and agent one version apart work or refuse cleanly',
    file: 'connection',
    tests: 'another version',
    minutes: 3,
  },
  {
    part: 'writers',
    asked: '20 backups in a row, while four clients write without pause: all proven, 0 differences',
    file: 'backups',
    tests: 'while four clients write',
    minutes: 5,
  },
  {
    part: 'killed',
    asked:
      'the agent is killed at 20 moments of a backup and of a restore: nothing half looks whole, the next run is proven',
    file: 'backups',
    tests: 'whose agent is killed',
    minutes: 15,
  },
  {
    part: 'damage',
    asked:
      'copies of backups, and the data in them, are damaged at random 200 times, or ZARPE_SOAK_DAMAGE: each is found and named, none proven',
    file: 'backups',
    tests: 'damage at random',
    minutes: 25,
  },
  {
    part: 'faults',
    asked:
      'the agent or the power goes before and after each step of a backup, a proof, a prune, a restore, its undo and removal, the database or the disk before: live data untouched, nothing half looks whole in any store, the next run cleans up',
    file: 'backups',
    tests: 'what befalls a server',
    minutes: 40,
  },
  {
    part: 'postgres-15',
    asked: 'backups, restores and rollbacks with data, all of it on PostgreSQL 15',
    file: 'backups',
    env: { ZARPE_SOAK: '0', ZARPE_TEST_POSTGRES: '15' },
    minutes: 9,
  },
  {
    part: 'postgres-18',
    asked: 'the same on PostgreSQL 18, with the tables that only it has',
    file: 'backups',
    env: { ZARPE_SOAK: '0', ZARPE_TEST_POSTGRES: '18' },
    minutes: 9,
  },
  {
    part: 'recovery-point',
    asked:
      'while somebody writes, what is committed at six moments between two rounds is in a store within 60 s',
    file: 'point-in-time',
    tests: 'within a minute of any commit',
    minutes: 7,
  },
  {
    part: 'moments-18',
    asked: 'any moment comes back, on PostgreSQL 18',
    file: 'point-in-time',
    env: { ZARPE_SOAK: '0', ZARPE_TEST_POSTGRES: '18' },
    minutes: 8,
  },
  {
    part: 'provision-18',
    asked: 'roles, rights and passwords of a database, on PostgreSQL 18',
    file: 'provision',
    env: { ZARPE_SOAK: '0', ZARPE_TEST_POSTGRES: '18' },
    minutes: 3,
  },
  ...onPostgres(14),
  ...onPostgres(16),
  {
    part: 'mysql',
    asked: 'MySQL 9: taken while somebody writes, proven, damaged, restored, undone, taken out of',
    file: 'data-engines',
    tests: 'databases of',
    env: { ZARPE_SOAK: '0', ZARPE_TEST_MYSQL: '9' },
    minutes: 4,
  },
  {
    part: 'valkey',
    asked: 'Valkey 9: taken while keys and fields expire, proven, damaged, restored, undone',
    file: 'data-engines',
    tests: 'keys of',
    env: { ZARPE_SOAK: '0', ZARPE_TEST_VALKEY: '9' },
    minutes: 3,
  },
  {
    part: 'machines',
    asked:
      'another machine behind a known name is refused, until a set-up lets it take the name over',
    file: 'connection',
    tests: 'another machine',
    minutes: 3,
  },
]

/** Those whose own word, or whose file, holds one of the words; without words all of them. */
export const partsFor = (words: string[]): Part[] =>
  parts.filter(
    ({ part, file }) =>
      words.length === 0 || words.some((word) => part.includes(word) || file === word),
  )
