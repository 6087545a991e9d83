/** A Compose project as `docker compose config --format json` prints it: the parts Zarpe reads. */
export type ComposeProject = {
  services: Record<string, ComposeService>
  volumes?: Record<string, { name?: string; external?: boolean; driver?: string } | null>
  secrets?: Record<string, { file?: string; environment?: string } | null>
}

export type ComposeService = {
  build?: {
    context: string
    dockerfile?: string
    dockerfile_inline?: string
    target?: string
    args?: Record<string, string | null>
  }
  image?: string
  platform?: string
  command?: string[] | null
  entrypoint?: string[] | null
  environment?: Record<string, string | null>
  expose?: string[]
  user?: string
  group_add?: string[]
  working_dir?: string
  hostname?: string
  read_only?: boolean
  init?: boolean
  tty?: boolean
  stdin_open?: boolean
  stop_signal?: string
  stop_grace_period?: string
  healthcheck?: {
    test?: string[]
    interval?: string
    timeout?: string
    retries?: number
    start_period?: string
    start_interval?: string
    disable?: boolean
  }
  volumes?: {
    type: 'volume' | 'bind' | 'tmpfs' | 'npipe' | 'cluster' | 'image'
    source?: string
    target: string
    read_only?: boolean
    volume?: { nocopy?: boolean }
    tmpfs?: { size?: string | number; mode?: number }
  }[]
  secrets?: {
    source: string
    target?: string
    uid?: string
    gid?: string
    /** Old versions of Compose print a number, newer ones octal digits. */
    mode?: number | string
  }[]
  tmpfs?: string[]
  shm_size?: string
  extra_hosts?: string[]
  cap_add?: string[]
  cap_drop?: string[]
  sysctls?: Record<string, string>
  ulimits?: Record<string, number | { soft: number; hard: number }>
  labels?: Record<string, string>
  mem_limit?: string
  mem_reservation?: string
  cpus?: number | string
  pids_limit?: number
  restart?: string
  ports?: { target: number; published?: string; host_ip?: string; protocol?: string }[]
  scale?: number
  depends_on?: Record<string, { condition: string; required?: boolean }>
  deploy?: {
    mode?: string
    replicas?: number
    update_config?: { order?: string }
    placement?: { constraints?: string[] }
    resources?: {
      limits?: { cpus?: number | string; memory?: string; pids?: number }
      reservations?: { cpus?: number | string; memory?: string }
    }
    restart_policy?: { condition?: string }
    labels?: Record<string, string>
  }
}
