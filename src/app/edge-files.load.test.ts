import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inExample } from '../../test/lab/example.ts'
import { locate } from '../config/places.ts'
import { edgeFileNames, loadEdgeFiles } from './edge-files.load.ts'
import { configOf } from './resolve.ts'

const yaml = `app: shop
servers: { main: deploy@vps.example }
environments: { production: { servers: [main] } }
edge:
  maintenance_page: pages/soon.html
`

const load = (page: string | Buffer | null, text = yaml) =>
  inExample({ files: { 'pages/other.html': 'x' } }, async (folder) => {
    if (page !== null) writeFileSync(join(folder, 'pages', 'soon.html'), page)
    const located = locate('zarpe.yml', text)
    const { files, problems } = await loadEdgeFiles(folder, configOf(located), located)
    return { files, told: problems.map(({ detail, place }) => `${place?.line} ${detail}`) }
  })

describe('loadEdgeFiles', () => {
  it('reads the page byte for byte', async () => {
    const page = '<h1>Wir sind gleich zurück</h1>\r\n'
    expect(await load(page)).toEqual({
      files: { acmeRoot: null, maintenancePage: page },
      told: [],
    })
  })

  it.each<[string, string | Buffer | null, string]>([
    ['missing', null, 'is not there, or is no file.'],
    ['empty', ' \n', 'is empty.'],
    ['too large', 'x'.repeat(65_537), 'has 65537 bytes, more than 65536.'],
    ['in another encoding', Buffer.from([0x3c, 0xfc, 0x3e]), 'is not a text in UTF-8.'],
  ])('says what is wrong with one that is %s', async (_what, page, why) => {
    expect((await load(page)).told).toEqual([`5 pages/soon.html ${why}`])
  })

  it('does not take a folder for a page', async () => {
    const { told } = await load('x', yaml.replace('pages/soon.html', 'pages'))
    expect(told).toEqual(['5 pages is not there, or is no file.'])
  })

  it('asks for nothing that zarpe.yml does not name', async () => {
    const text = yaml.slice(0, yaml.indexOf('edge:'))
    expect(await load('x', text)).toEqual({
      files: { acmeRoot: null, maintenancePage: null },
      told: [],
    })
    expect(edgeFileNames(configOf(locate('zarpe.yml', text)))).toEqual([])
    expect(edgeFileNames(configOf(locate('zarpe.yml', yaml)))).toEqual(['pages/soon.html'])
  })
})
