import { upstreamName } from '../../../src/edge/model.ts'
import { sshOk } from './harness.ts'

// Services as the release room makes them: `dnsrr`, under two aliases, on the project's network.

const networkOf = (project: string) =>
  `docker network inspect ${project} >/dev/null 2>&1 || docker network create -d overlay --attachable ${project}`

/** A swarm, and the networks of two products. */
export const prepareSwarm = async (server: string, address: string, projects: string[]) => {
  await sshOk(
    server,
    `docker node ls >/dev/null 2>&1 || docker swarm init --advertise-addr ${address}`,
  )
  for (const project of projects) await sshOk(server, networkOf(project))
}

/** Starts one release of the example app and waits until it is healthy. */
export const startRelease = async (
  server: string,
  project: string,
  release: number,
  replicas = 2,
) => {
  const name = `${project}_web-r${release}`
  const health = [
    '--health-cmd "node healthcheck.mjs" --health-interval 5s --health-retries 3',
    '--health-start-period 20s --stop-grace-period 15s',
  ]
  const parts = [
    `docker service inspect ${name} >/dev/null 2>&1 || docker service create --quiet --detach`,
    `--name ${name} --label zarpe.project=${project} --endpoint-mode dnsrr --replicas ${replicas}`,
    `--network name=${project},alias=web,alias=${upstreamName(project, 'web')}`,
    `--env ZARPE_RELEASE=${release} --mount type=bind,src=/root/hello,dst=/app,ro --workdir /app`,
    ...health,
    '--restart-condition any node:24-slim node server.mjs',
  ]
  await sshOk(server, parts.join(' '))
  await sshOk(
    server,
    `for n in $(seq 120); do [ "$(docker service ls -f name=${name} --format '{{.Replicas}}')" = ${replicas}/${replicas} ] && exit 0; sleep 0.5; done; docker service ps ${name}; exit 1`,
  )
  return name
}

/** Starts a service that answers with what it was asked. */
export const startMirror = async (server: string, project: string) => {
  const name = `${project}_api-r1`
  const parts = [
    `docker service inspect ${name} >/dev/null 2>&1 || docker service create --quiet`,
    `--name ${name} --label zarpe.project=${project} --endpoint-mode dnsrr`,
    `--network name=${project},alias=api,alias=${upstreamName(project, 'api')}`,
    '--mount type=bind,src=/root/mirror.mjs,dst=/mirror.mjs,ro',
    'node:24-slim node /mirror.mjs',
  ]
  await sshOk(server, parts.join(' '))
  return name
}

/** Takes a release out of service without waiting for its containers to end. */
export const retireRelease = (server: string, name: string) =>
  sshOk(server, `docker service scale --detach ${name}=0`)
