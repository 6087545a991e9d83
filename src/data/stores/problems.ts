import type { FaultKind, StoreFault } from '../../io/fault.ts'
import { Problem } from '../../problem/problem.ts'
import type { StoreSettings } from '../store.ts'

type Meaning = {
  summary: string
  why: string
  fix: (store: StoreSettings, fault: StoreFault) => string[]
}

/** What kept a store from doing what it was asked, in words that name it and say what helps. */
export const storeProblem = (store: StoreSettings, fault: StoreFault): Problem => {
  const { summary, why, fix } = meanings[fault.kind]
  return new Problem(
    {
      code: `store/${fault.kind}`,
      summary,
      detail: `"${store.name}" (${whereOf(store)}): ${why} (${fault.detail}).`,
      fix: fix(store, fault),
    },
    { cause: fault },
  )
}

/** Where a store is, without anything secret. */
export const whereOf = (store: StoreSettings): string => {
  if (store.kind === 'local') return store.folder
  if (store.kind === 's3') return `s3://${store.bucket}/${store.prefix} at ${store.endpoint}`
  return `${store.user}@${store.host}:${store.port}, folder ${store.folder || '.'}`
}

const key = (store: StoreSettings, name: string) => `\`stores.${store.name}.${name}\` in zarpe.yml`

/** A command that tries the same thing by hand. */
const byHand = (store: StoreSettings): string[] => {
  if (store.kind === 'local') return [`ls -la ${store.folder}; df -h ${store.folder}`]
  if (store.kind === 's3') return [`curl -sS -o /dev/null -w '%{http_code}\\n' ${store.endpoint}`]
  return [`sftp -P ${store.port} ${store.user}@${store.host}    # from the server`]
}

const again = 'If it was for a moment, nothing has to be done: the next backup tries again.'

/** Which of the user's settings say who we are. */
const credentials = (store: StoreSettings) => {
  if (store.kind === 's3') return `${key(store, 'access_key')}, or ${key(store, 'secret_key')}`
  return store.kind === 'sftp' && store.key !== null ? key(store, 'key') : key(store, 'password')
}

const meanings: Record<FaultKind, Meaning> = {
  'name-unknown': {
    summary: "A store's name could not be resolved.",
    why: 'no DNS record has this name, or the server has no working DNS',
    fix: (store) => [`Check ${key(store, store.kind === 's3' ? 'endpoint' : 'url')}.`],
  },
  refused: {
    summary: 'A store refused the connection.',
    why: 'nothing listens there',
    fix: (store) => [
      `Check the host and the port of ${key(store, store.kind === 's3' ? 'endpoint' : 'url')}; storage boxes listen on 23.`,
      ...byHand(store),
    ],
  },
  silent: {
    summary: 'A store does not answer.',
    why: 'there was no answer in time',
    fix: (store) => ['A firewall on the way, or the store is down.', ...byHand(store), again],
  },
  'turned-away': {
    summary: 'A store closed the connection before any login.',
    why: 'servers do so when they are busy, or after logins that failed',
    fix: (store) => ['Wait a minute.', ...byHand(store)],
  },
  certificate: {
    summary: 'A store cannot be reached over TLS.',
    why: 'its certificate is for another name, too old or signed by nobody known, or it speaks no TLS',
    fix: (store) => [`Check ${key(store, 'endpoint')}.`],
  },
  'login-refused': {
    summary: 'A store refused the login.',
    why: 'it does not know this user, or not with this password or key',
    fix: (store) => [
      `Correct the value of the variable at ${credentials(store)}, then: zarpe deploy`,
      ...(store.kind === 'sftp' ? byHand(store) : []),
    ],
  },
  'key-unusable': {
    summary: 'The private key for a store cannot be used.',
    why: 'it is no private key in the form of OpenSSH, or it asks for a passphrase',
    fix: (store) => [
      'Make one without a passphrase: ssh-keygen -t ed25519 -N "" -f storekey',
      `Put the text of the file storekey into the variable that ${key(store, 'key')} names.`,
    ],
  },
  'host-key-unpinned': {
    summary: "A store's host key is not pinned.",
    why: 'without it nobody can tell the store from somebody in between, so nothing was sent',
    fix: (store, fault) => [
      'Compare this fingerprint with the one your hoster publishes. If it is the same, write into zarpe.yml:',
      `stores: { ${store.name}: { host_key: "${fault.hostKey ?? ''}" } }`,
    ],
  },
  'host-key-changed': {
    summary: 'A store shows another host key than the pinned one.',
    why: 'either it was given a new one, or this is not your store. Nothing was sent, no password either',
    fix: (store, fault) => [
      'Compare the new fingerprint with the one your hoster publishes. If it is the same, write into zarpe.yml, then: zarpe deploy',
      `stores: { ${store.name}: { host_key: "${fault.hostKey ?? ''}" } }`,
    ],
  },
  'no-sftp': {
    summary: 'A store lets us in but speaks no SFTP.',
    why: 'the login succeeded, the subsystem was refused',
    fix: () => [
      "Allow SFTP for this user in the hoster's console, or Subsystem sftp in sshd_config.",
    ],
  },
  dropped: {
    summary: 'The connection to a store was lost.',
    why: 'it was lost, and again when that was tried anew; what was sent is taken up next time',
    fix: (store) => [again, ...byHand(store)],
  },
  busy: {
    summary: 'A store asks for patience.',
    why: 'it was too busy, several times',
    fix: () => [again],
  },
  'no-file': {
    summary: 'A store does not have a file.',
    why: 'there is none of this name',
    fix: () => ['zarpe backup list'],
  },
  'no-folder': {
    summary: 'The place of a store is not there.',
    why: 'its folder or bucket does not exist, or something else has its name',
    fix: (store) =>
      store.kind === 'local'
        ? [`On the server, if the disk is mounted: mkdir -p -m 700 ${store.folder}`]
        : [`Check ${key(store, 'url')}.`, ...byHand(store)],
  },
  forbidden: {
    summary: 'A store does not allow it.',
    why: 'this user may not do that there',
    fix: (store) => [
      `Allow this user to write there, or choose another place: ${key(store, 'url')}.`,
      ...byHand(store),
    ],
  },
  full: {
    summary: 'A store is full.',
    why: 'there is no room left, or the quota is used up',
    fix: (store) => [
      'zarpe backup prune    # removes what is kept no longer',
      `Or keep less there (\`keep: { ${store.name}: … }\`), or give the store more room.`,
    ],
  },
  'wrong-region': {
    summary: 'A bucket is in another region.',
    why: 'the store says so',
    fix: (store) => [`Correct ${key(store, 'region')} and ${key(store, 'endpoint')}.`],
  },
  'wrong-clock': {
    summary: "The server's clock is wrong.",
    why: 'the store refuses what is signed with a time that far off',
    fix: () => ['timedatectl    # on the server; zarpe setup turns on time sync'],
  },
  'too-many': {
    summary: 'A store holds more files than can be looked through.',
    why: 'this cannot come from backups alone',
    fix: (store) => [`Choose a folder that nothing else uses: ${key(store, 'url')}.`],
  },
  damaged: {
    summary: 'A copy in a store is damaged.',
    why: 'nothing of it was kept',
    fix: (store) => [
      again,
      `If it comes again, ${store.kind === 'local' ? 'test the disk: smartctl -a' : 'ask the hoster'}, and test the memory of the server.`,
    ],
  },
  unsupported: {
    summary: 'A store lacks something that is needed.',
    why: 'it does not know how to do that',
    fix: (store) => byHand(store),
  },
  failed: {
    summary: 'A store failed.',
    why: 'it gave no reason; over SFTP a used-up quota looks like this',
    fix: (store) => ["Look at the quota in the hoster's console.", ...byHand(store)],
  },
}
