/** Changes that could lock the operator out; they undo themselves unless they are confirmed. */
export type GuardName = 'sshd' | 'firewall'

/** What `setup` can do to a server: few kinds, each one outside act, each safe to repeat. */
export type ServerSteps = {
  /** Installs packages of the distribution (or of an added source) without their suggestions. */
  'server.packages': { install: string[] }
  /** Adds a signed package source; the key is taken only if its fingerprint is the known one. */
  'server.package-source': {
    name: string
    keyUrl: string
    keyFingerprint: string
    uri: string
    suite: string
    component: string
  }
  /** Keeps unattended upgrades from replacing (and so restarting) these packages. */
  'server.hold': { packages: string[] }
  /** Writes a whole file at once; `check` names the program that must accept it first. */
  'server.file': {
    path: string
    content: string
    /** Octal text such as `0644`. */
    mode: string
    check?: 'sudoers'
  }
  'server.unit': { name: string; action: 'enable-now' | 'restart' }
  /** Applies one file of kernel settings. */
  'server.sysctl': { path: string }
  /** Makes a swap file; the unit that uses it is a file and a unit step. */
  'server.swap-file': { path: string; sizeMb: number }
  /** Makes a login without a password and adds the keys it lacks. */
  'server.user': { name: string; keys: string[] }
  /** Makes this machine a swarm of one on its stable address, or gives these settings to a swarm. */
  'server.swarm': {
    address: string
    addressPool: string
    taskHistoryLimit: number
    heartbeatSeconds: number
  }
  /** Loads our table. Guarded: undone by itself unless `server.confirm` follows in time. */
  'server.firewall': { path: string; content: string; marker: string }
  /** Hardens SSH by a drop-in. Guarded as above. `expect`: settings `sshd -T` must then show. */
  'server.sshd': { path: string; content: string; expect: Record<string, string> }
  /** Removes a file or folder of ours; `reader` is who must read its files again. */
  'server.remove-path': { path: string; reader: 'none' | 'ssh' | 'journal' }
  /** Stops and removes a unit of ours, and the network interface that it made. */
  'server.remove-unit': { name: string; path: string; link?: string }
  'server.remove-user': { name: string }
  'server.unhold': { packages: string[] }
  'server.leave-swarm': Record<string, never>
  /** Removes the edge's container, its certificates and its image. */
  'server.remove-edge': Record<string, never>
  /** Keeps a guarded change, after a new connection has proven that it locks nobody out. */
  'server.confirm': { guard: GuardName }
}
