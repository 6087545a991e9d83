import { secretMode } from '../../compose/translate.ts'
import { isRoot, userOf } from '../reading/dockerfile.ts'
import type { BuiltImage, Project } from '../model.ts'
import { composePlace } from '../reading/places.ts'
import type { Finding, Rule } from '../rule.ts'

const othersMayRead = 0o004
const groupMayRead = 0o040

export const secretFileUnreadable: Rule = {
  id: 'secret-file-unreadable',
  severity: 'error',
  title: 'An app cannot read its own secret file.',
  why: 'The image runs as a user that is not root, while the file belongs to root and nobody else may read it: the app fails when it starts.',
  fix: ['- { source: database_password, uid: "10001" }    # the number of the user in the image'],
  bad: {
    files: {
      'compose.yml': `services:
  web:
    build: .
    secrets:
      - database_password
      - { source: mail_password, gid: "1000", mode: 0400 }
secrets:
  database_password: { environment: DATABASE_PASSWORD }
  mail_password: { environment: MAIL_PASSWORD }
`,
      Dockerfile: `FROM node:24-slim
USER node
CMD ["node", "server.mjs"]
`,
    },
    at: ['compose.yml:5:9', 'compose.yml:6:9'],
  },
  good: {
    files: {
      'compose.yml': `services:
  web:
    build: .
    secrets:
      - { source: database_password, uid: "1000" }
      - { source: mail_password, gid: "1000", mode: 0440 }
      - { source: certificate, mode: 0444 }
  worker:
    build: .
    user: "1000"
    secrets: [database_password]
  starts-as-root:
    build: ./root
    secrets: [database_password]
secrets:
  database_password: { environment: DATABASE_PASSWORD }
  mail_password: { environment: MAIL_PASSWORD }
  certificate: { environment: CERTIFICATE }
`,
      Dockerfile: `FROM node:24-slim
USER node
CMD ["node", "server.mjs"]
`,
      '.env.production': `DATABASE_PASSWORD=kBv93mQx7LwZ2pTs
MAIL_PASSWORD=Wq81nRt6YcXe4vUj
CERTIFICATE=of-a-customer
`,
      'root/Dockerfile': `FROM example.com/with-entrypoint:1
CMD ["serve"]
`,
    },
  },
  find: (project) =>
    project.images.flatMap((image) =>
      image.services.flatMap((service) => inService(project, image, service)),
    ),
}

const inService = (project: Project, { final }: BuiltImage, name: string): Finding[] => {
  const service = project.compose?.services[name]
  const user = final && userOf(final)?.text.trim()
  // `user` of the Compose file has the last word, and its number becomes the owner.
  if (!service || service.user || !user || isRoot(user)) return []
  const [id = '', group] = user.split(':')
  return (service.secrets ?? []).flatMap(({ source, uid, gid, mode }, index) => {
    const rights = secretMode(mode)
    const isGroups = gid !== undefined && (rights & groupMayRead) !== 0
    if (uid !== undefined || isGroups || (rights & othersMayRead) !== 0) return []
    const number = /^\d+$/.test(id) ? id : null
    return [
      {
        place: composePlace(project, ['services', name, 'secrets', index], 'value'),
        detail: `"${name}" runs as ${group ? `${id}:${group}` : id}; the file "${source}" is root's alone.`,
        fix: number
          ? [`- { source: ${source}, uid: "${number}" }`]
          : [
              `docker run --rm --entrypoint id <image> -u    # the number of ${id}`,
              `- { source: ${source}, uid: "<number>" }`,
            ],
      },
    ]
  })
}
