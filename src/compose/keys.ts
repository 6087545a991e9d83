/**
 * What becomes of a key of a Compose service:
 * - `honoured`: the same in Zarpe;
 * - `translated`: another means to the same end, named in the text;
 * - `set aside`: has no effect here and needs none; the plan says so;
 * - `refused`: leaving it out would change what the app does.
 */
export type KeyFate = { fate: 'honoured' | 'translated' | 'set aside' | 'refused'; why: string }

const honoured: KeyFate = { fate: 'honoured', why: 'as in Compose' }
const translated = (why: string): KeyFate => ({ fate: 'translated', why })
const setAside = (why: string): KeyFate => ({ fate: 'set aside', why })
const refused = (why: string): KeyFate => ({ fate: 'refused', why })

const noSuchSwarmField = 'Docker Swarm has no such setting and would drop it in silence'

/** Every key of `services.<name>` in the Compose specification. */
export const serviceKeys: Record<string, KeyFate> = {
  annotations: refused(noSuchSwarmField),
  attach: setAside('it concerns `docker compose up` on a terminal'),
  blkio_config: refused(noSuchSwarmField),
  build: honoured,
  cap_add: honoured,
  cap_drop: honoured,
  cgroup: refused(noSuchSwarmField),
  cgroup_parent: refused(noSuchSwarmField),
  command: honoured,
  configs: refused('file configs are not carried yet; copy the file into the image'),
  container_name: setAside('Swarm names containers; services find each other by service name'),
  cpu_count: refused(noSuchSwarmField),
  cpu_percent: refused(noSuchSwarmField),
  cpu_period: refused(noSuchSwarmField),
  cpu_quota: refused('write `cpus` instead'),
  cpu_rt_period: refused(noSuchSwarmField),
  cpu_rt_runtime: refused(noSuchSwarmField),
  cpu_shares: refused(noSuchSwarmField),
  cpus: translated('deploy.resources.limits.cpus'),
  cpuset: refused(noSuchSwarmField),
  credential_spec: refused('it is for Windows containers'),
  depends_on: translated('the order in which services of a release start'),
  deploy: honoured,
  develop: setAside('it concerns development on the laptop'),
  device_cgroup_rules: refused(noSuchSwarmField),
  devices: refused(noSuchSwarmField),
  dns: refused('Swarm services use the engine’s own DNS'),
  dns_opt: refused('Swarm services use the engine’s own DNS'),
  dns_search: refused('Swarm services use the engine’s own DNS'),
  domainname: refused(noSuchSwarmField),
  entrypoint: honoured,
  env_file: honoured,
  environment: honoured,
  expose: setAside('services of one app reach every port of each other'),
  extends: honoured,
  external_links: refused('containers outside the app cannot be linked'),
  extra_hosts: honoured,
  gpus: refused(noSuchSwarmField),
  group_add: honoured,
  healthcheck: honoured,
  hostname: honoured,
  image: honoured,
  init: honoured,
  ipc: refused(noSuchSwarmField),
  isolation: refused('it is for Windows containers'),
  label_file: refused('write the labels into `labels`'),
  labels: honoured,
  links: refused('services of one app find each other by service name; remove it'),
  logging: setAside('logs go to the server’s journal, with its limits'),
  mac_address: refused(noSuchSwarmField),
  mem_limit: translated('deploy.resources.limits.memory'),
  mem_reservation: translated('deploy.resources.reservations.memory'),
  mem_swappiness: refused(noSuchSwarmField),
  memswap_limit: refused(noSuchSwarmField),
  models: refused('AI models are not carried'),
  network_mode: refused('each app has its own overlay network'),
  networks: translated('one overlay network for all services of the app'),
  oom_kill_disable: refused(noSuchSwarmField),
  oom_score_adj: refused(noSuchSwarmField),
  pid: refused(noSuchSwarmField),
  pids_limit: translated('deploy.resources.limits.pids'),
  platform: translated(
    'given to `docker build`; without it, images are built and looked for that run on the server’s processor',
  ),
  ports: setAside('only the edge publishes ports: write a route in zarpe.yml'),
  post_start: refused('Swarm has no such hook'),
  pre_start: refused(
    'Swarm has no such hook; work before a release is `release.migrate` in zarpe.yml',
  ),
  pre_stop: refused('Swarm has no such hook'),
  privileged: refused(noSuchSwarmField),
  profiles: honoured,
  provider: refused('providers are run by Compose alone'),
  pull_policy: setAside('a release names its images by digest'),
  pull_refresh_after: setAside('a release names its images by digest'),
  read_only: honoured,
  restart: translated('Swarm’s restart policy; `no` means the task is not started again'),
  runtime: refused(noSuchSwarmField),
  scale: translated('deploy.replicas'),
  secrets: translated('Swarm secrets, mode 0400 unless `mode` says otherwise'),
  security_opt: refused('it cannot be passed on to every engine version'),
  shm_size: translated('a tmpfs of that size at /dev/shm'),
  stdin_open: honoured,
  stop_grace_period: honoured,
  stop_signal: honoured,
  storage_opt: refused(noSuchSwarmField),
  sysctls: honoured,
  tmpfs: translated(
    'tmpfs mounts, with `size` in bytes, k, m or g, `mode`, `rw` or `ro`; any other option is refused',
  ),
  tty: honoured,
  ulimits: honoured,
  use_api_socket: refused('a container of an app does not get the engine’s socket'),
  user: honoured,
  userns_mode: refused(noSuchSwarmField),
  uts: refused(noSuchSwarmField),
  volumes: honoured,
  volumes_from: refused('name the volume in both services instead'),
  working_dir: honoured,
}

/** Keys at the top of a Compose file. */
export const topKeys: Record<string, KeyFate> = {
  configs: refused('file configs are not carried yet; copy the files into the image'),
  include: honoured,
  models: refused('AI models are not carried'),
  name: setAside('`app` in zarpe.yml is the name'),
  networks: translated('one overlay network for all services of the app'),
  secrets: translated('Swarm secrets, of a file or of a value of the environment'),
  services: honoured,
  version: setAside('Compose itself ignores it'),
  volumes: honoured,
}
