import type { KeyFate } from './keys.ts'

const honoured: KeyFate = { fate: 'honoured', why: 'as in Compose' }
const setAside = (why: string): KeyFate => ({ fate: 'set aside', why })
const refused = (why: string): KeyFate => ({ fate: 'refused', why })

const oneNetwork = 'all services of the app are on one overlay network'
const plainBuild = 'images are built with `docker build`, which is not given this'
const wholeReleases = 'a release starts all new tasks beside the old ones and watches them'

/** A table of keys; `*` stands for names that the user chose, `[]` for the items of a list. */
export type KeyTree = { [path: string]: Record<string, KeyFate> }

/** What becomes of the keys below a service's own; a part that is not named here has no keys. */
export const innerServiceKeys: KeyTree = {
  build: {
    additional_contexts: refused(plainBuild),
    args: honoured,
    cache_from: setAside('layers are cached on this machine'),
    cache_to: setAside('layers are cached on this machine'),
    context: honoured,
    dockerfile: honoured,
    dockerfile_inline: honoured,
    entitlements: refused(plainBuild),
    extra_hosts: refused(plainBuild),
    isolation: refused('it is for Windows containers'),
    labels: setAside('labels of an image do not change how it runs'),
    network: refused(plainBuild),
    no_cache: setAside('docker decides what it has built already'),
    no_cache_filter: setAside('docker decides what it has built already'),
    platforms: refused('write `platform` of the service instead'),
    privileged: refused(plainBuild),
    provenance: setAside('no attestation is made'),
    pull: setAside('docker decides which base images it has already'),
    sbom: setAside('no attestation is made'),
    secrets: refused(plainBuild),
    shm_size: refused(plainBuild),
    ssh: refused(plainBuild),
    tags: setAside('a release names its images by digest'),
    target: honoured,
    ulimits: refused(plainBuild),
  },
  'depends_on.*': {
    condition: honoured,
    required: honoured,
    restart: setAside('a service is never restarted because another one was'),
  },
  deploy: {
    endpoint_mode: setAside('names lead to the tasks themselves; virtual addresses lose requests'),
    labels: honoured,
    mode: honoured,
    placement: honoured,
    replicas: honoured,
    resources: honoured,
    restart_policy: honoured,
    rollback_config: setAside('a release that fails leaves the old one serving'),
    update_config: honoured,
  },
  'deploy.placement': {
    constraints: honoured,
    max_replicas_per_node: setAside('there is one server'),
    preferences: setAside('there is one server'),
  },
  'deploy.resources': { limits: honoured, reservations: honoured },
  'deploy.resources.limits': { cpus: honoured, memory: honoured, pids: honoured },
  'deploy.resources.reservations': {
    cpus: honoured,
    devices: refused('devices are not passed on to services'),
    generic_resources: refused('devices are not passed on to services'),
    memory: honoured,
  },
  'deploy.restart_policy': {
    condition: honoured,
    delay: setAside('a task is started again after a second'),
    max_attempts: setAside('a task is started again for as long as the release is current'),
    window: setAside('a task is started again after a second'),
  },
  'deploy.update_config': {
    delay: setAside(wholeReleases),
    failure_action: setAside('a release that fails leaves the old one serving'),
    max_failure_ratio: setAside(wholeReleases),
    monitor: setAside('`release.watch` in zarpe.yml says how long'),
    order: honoured,
    parallelism: setAside(wholeReleases),
  },
  'env_file.[]': { format: honoured, path: honoured, required: honoured },
  extends: { file: honoured, service: honoured },
  healthcheck: {
    disable: honoured,
    interval: honoured,
    retries: honoured,
    start_interval: honoured,
    start_period: honoured,
    test: honoured,
    timeout: honoured,
  },
  'networks.*': {
    aliases: refused('services find each other by service name only'),
    driver_opts: refused(oneNetwork),
    gw_priority: refused(oneNetwork),
    interface_name: refused(oneNetwork),
    ipv4_address: refused('Swarm gives out the addresses'),
    ipv6_address: refused('Swarm gives out the addresses'),
    link_local_ips: refused('Swarm gives out the addresses'),
    mac_address: refused('Swarm gives out the addresses'),
    priority: setAside(oneNetwork),
  },
  'secrets.[]': {
    gid: honoured,
    mode: honoured,
    source: honoured,
    target: honoured,
    uid: honoured,
  },
  'ulimits.*': { hard: honoured, soft: honoured },
  'volumes.[]': {
    bind: honoured,
    consistency: setAside('it concerns Docker Desktop'),
    image: refused('images are not mounted'),
    read_only: honoured,
    source: honoured,
    target: honoured,
    tmpfs: honoured,
    type: honoured,
    volume: honoured,
  },
  'volumes.[].bind': {
    create_host_path: setAside('the folder must be there on the server'),
    propagation: refused('mounts are private'),
    recursive: refused('mounts are recursive'),
    selinux: refused('labels of SELinux are not set'),
  },
  'volumes.[].tmpfs': { mode: honoured, size: honoured },
  'volumes.[].volume': {
    labels: setAside('Zarpe sets its own labels'),
    nocopy: honoured,
    subpath: refused('a volume is mounted whole'),
  },
}

/** What becomes of the keys below those at the top of a file. */
export const innerTopKeys: KeyTree = {
  'include.[]': { env_file: honoured, path: honoured, project_directory: honoured },
  'networks.*': {
    attachable: setAside(oneNetwork),
    driver: setAside(oneNetwork),
    driver_opts: refused(oneNetwork),
    enable_ipv4: refused(oneNetwork),
    enable_ipv6: refused(oneNetwork),
    external: refused('networks of others are not joined'),
    internal: refused('the app’s network leads outside'),
    ipam: setAside('Zarpe chooses the addresses'),
    labels: setAside('Zarpe sets its own labels'),
    name: setAside('the network has the name of the app and its environment'),
  },
  'secrets.*': {
    driver: refused('Swarm’s own store keeps the secrets'),
    driver_opts: refused('Swarm’s own store keeps the secrets'),
    environment: honoured,
    external: refused('Zarpe makes the secrets; give each a `file` or an `environment`'),
    file: honoured,
    labels: setAside('Zarpe sets its own labels'),
    name: setAside('Zarpe names secrets by their content, so that a rotation is a new one'),
    template_driver: refused('a secret is carried byte for byte'),
  },
  'volumes.*': {
    driver: refused('only volumes of the server’s own disk are carried'),
    driver_opts: refused('only volumes of the server’s own disk are carried'),
    external: honoured,
    labels: setAside('Zarpe sets its own labels'),
    name: setAside('a volume is called <app>-<environment>_<volume>, unless it is external'),
  },
  'volumes.*.external': { name: honoured },
}
