import { expect, it } from 'vitest'
import { checkConfig } from '../../config/check.ts'
import { locate } from '../../config/places.ts'
import { storesOf } from './stores.ts'

const hostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGR1bW15a2V5ZHVtbXlrZXlkdW1teWtleWR1bW15'

const located = locate(
  'zarpe.yml',
  `app: shop
servers: { main: deploy@vps.example }
environments: { production: { servers: [main] } }
stores:
  storagebox:
    url: sftp://u000000@box.example:23/backups/shop
    password: STORAGEBOX_PASSWORD
    host_key: ${hostKey}
  bucket:
    url: s3://shop-backups/production
    endpoint: https://s3.example
    region: eu-central-1
    access_key: S3_ACCESS_KEY
    secret_key: S3_SECRET_KEY
  disk: { url: file:///mnt/backups/shop, rate: 10M }
`,
)

const wanted = (values: Record<string, string>) =>
  storesOf(located, checkConfig(located).config!, 'production', values)

it('takes secrets from the values of the environment', () => {
  const values = { STORAGEBOX_PASSWORD: 'p w', S3_ACCESS_KEY: 'id', S3_SECRET_KEY: 'secret' }
  expect(wanted(values)).toEqual({
    problems: [],
    stores: [
      {
        kind: 'sftp',
        name: 'storagebox',
        user: 'u000000',
        host: 'box.example',
        port: 23,
        folder: 'backups/shop',
        password: 'p w',
        key: null,
        hostKey,
      },
      {
        kind: 's3',
        name: 'bucket',
        endpoint: 'https://s3.example',
        region: 'eu-central-1',
        bucket: 'shop-backups',
        prefix: 'production',
        accessKeyId: 'id',
        secretAccessKey: 'secret',
      },
      { kind: 'local', name: 'disk', folder: '/mnt/backups/shop', rate: 10_485_760 },
    ],
  })
})

it('says which variable has no value, and where it is named', () => {
  const { problems } = wanted({ S3_ACCESS_KEY: 'id', S3_SECRET_KEY: ' ' })
  expect(problems.map(({ code, place }) => `${code} ${place?.line}:${place?.column}`)).toEqual([
    'config/store-value 7:15',
    'config/store-value 14:17',
  ])
  expect(problems[0]?.fix[0]).toBe('zarpe --env production env set STORAGEBOX_PASSWORD')
})
