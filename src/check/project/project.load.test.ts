import { afterEach, describe, expect, it, vi } from 'vitest'
import { run } from '../../io/host/processes/process.ts'
import { canMerge, inExample } from '../../../test/lab/example.ts'
import { loadProjects } from './project.load.ts'
import { placeholdersFor } from './values.load.ts'

const twoEnvironments = `app: shop
servers: { main: deploy@vps.example }
environments:
  production: { servers: [main], routes: { shop.example: { /: nothing:80 } } }
  staging: { servers: [main] }
`

const load = (files: Record<string, string>, environment?: string, withValues = true) =>
  inExample({ files }, async (folder) => {
    const loaded = await loadProjects(folder, { environment, withValues })
    return {
      ...loaded,
      told: loaded.problems.map(({ code, place }) => `${code} ${place?.file}:${place?.line}`),
    }
  })

afterEach(() => vi.unstubAllEnvs())

describe.skipIf(!(await canMerge()))('loadProjects', () => {
  it('does not take a repository of which git tells nothing for none', async () => {
    await inExample({ files: { 'zarpe.yml': twoEnvironments } }, async (folder) => {
      await run('git', ['-C', folder, 'init', '-q'])
      vi.stubEnv('GIT_TEST_ASSUME_DIFFERENT_OWNER', '1')
      const { problems } = await loadProjects(folder, { environment: undefined, withValues: false })
      expect(problems.map(({ code }) => code)).toContain('environment/git-refuses')
    })
  })

  it('collects what plan would tell one after the other, each once', async () => {
    const { told, projects } = await load({
      'zarpe.yml': twoEnvironments,
      'compose.yml':
        'services:\n  web:\n    image: shop:${TAG}\n    devices: []\n    volumes: [./x:/x]\n',
      '.env.staging': 'TAG=1\nwhat is this\n',
    })
    expect(told.toSorted()).toEqual([
      'compose/local-bind compose.yml:5',
      'compose/not-honoured compose.yml:4',
      'compose/unset-variable compose.yml:3',
      'config/unknown-service zarpe.yml:4',
      'environment/bad-line .env.staging:2',
    ])
    expect(projects.map(({ environment, compose }) => [environment, compose !== null])).toEqual([
      ['production', true],
      ['staging', true],
    ])
  })

  it('tells once what the contract lacks, and where the value may be', async () => {
    const { problems } = await load({
      'zarpe.yml':
        'app: shop\nservers: {main: a@vps.example}\nenvironments: {production: {servers: [main]}}\n',
      'compose.yml': 'services: { web: { image: "shop:${TAG}", environment: { M: "${MODE}" } } }\n',
      '.env': 'TAG=1\n',
      '.env.schema': '# @required @public\nMODE=\n',
    })
    expect(problems.map(({ code, fix }) => [code, fix[0]])).toEqual([
      ['compose/unset-variable', expect.stringContaining('cp .env .env.production')],
      ['contract/missing-value', expect.stringContaining('zarpe env set MODE')],
    ])
  })

  it('tells variables without a value in the order of the file', async () => {
    const names = Array.from({ length: 9 }, (_, index) => `S${(index * 4) % 9}`)
    const services = names.map((name) => `  ${name.toLowerCase()}: { image: "a:\${${name}}" }\n`)
    const { told } = await load({
      'zarpe.yml':
        'app: shop\nservers: {main: a@vps.example}\nenvironments: {production: {servers: [main]}}\n',
      'compose.yml': `services:\n${services.join('')}`,
    })
    expect(told).toEqual(names.map((_, index) => `compose/unset-variable compose.yml:${index + 2}`))
  })

  it('says how to make the file that `env_file` names', async () => {
    const { problems } = await load({
      'zarpe.yml':
        'app: shop\nservers: {main: a@vps.example}\nenvironments: {production: {servers: [main]}}\n',
      'compose.yml': 'services: { web: { image: "shop:1", env_file: .env.production } }\n',
    })
    expect(problems.map(({ code, fix }) => [code, fix[0]])).toEqual([
      ['compose/refused', expect.stringMatching(/^install -m 600 \/dev\/null .env.production /)],
    ])
  })

  it('looks at the one environment that is named', async () => {
    const files = {
      'zarpe.yml': twoEnvironments,
      'compose.yml': 'services: { web: { image: a:1 } }',
    }
    const { told, projects, apps } = await load(files, 'staging')
    expect([told, projects.map(({ environment }) => environment)]).toEqual([[], ['staging']])
    expect(Object.keys(apps)).toEqual(['staging'])
    await expect(load(files, 'nowhere')).rejects.toMatchObject({
      data: { code: 'config/unknown-environment' },
    })
  })

  it('does without values when asked to', async () => {
    const { told, projects } = await load(
      {
        'compose.yml': 'services:\n  web:\n    image: "shop:${TAG:?}"\n    scale: ${COUNT}\n',
      },
      undefined,
      false,
    )
    expect(told).toEqual([])
    expect(projects[0]!.compose?.services['web']?.image).toBe('shop:1')
  })

  it('tells what breaks the contract of the environment, beside the rest', async () => {
    const { told } = await load({
      '.env.schema':
        '# @defaultSensitive=false\n# ---\n# @required @type=zarpe_secret\nSECRET_KEY=\n',
      '.env.production': 'SECRET_KEY=short\n',
      'compose.yml':
        'services:\n  web:\n    image: a:1\n    devices: []\n    environment: [SECRET_KEY]\n',
    })
    expect(told.toSorted()).toEqual([
      'compose/not-honoured compose.yml:4',
      'contract/bad-value .env.production:1',
    ])
  })

  it('tells a Compose file that cannot be read, and does not wait for one that is a pipe', async () => {
    await inExample({ files: {} }, async (folder) => {
      await run('rm', [`${folder}/compose.yml`])
      await run('ln', ['-s', 'compose.yml', `${folder}/compose.yml`])
      const options = { environment: undefined, withValues: true }
      const codes = async () =>
        (await loadProjects(folder, options)).problems.map(({ code }) => code)
      expect(await codes()).toEqual(['host/not-read'])
      await run('rm', [`${folder}/compose.yml`])
      await run('mkfifo', [`${folder}/compose.yml`])
      expect(await codes()).toEqual(['host/not-read'])
    })
  })

  it('says which rules could not be run, and why', async () => {
    const broken = await load({ 'compose.yml': 'services: [' })
    expect(broken.told).toEqual(['compose/not-yaml compose.yml:1'])
    expect(broken.notes.join()).toContain('could not be merged')
    const unusable = await load({ 'zarpe.yml': 'app: shop\n' })
    expect(unusable.projects).toEqual([])
    expect(unusable.told.length).toBeGreaterThan(0)
    expect(unusable.notes.join()).toContain('no rule was run')
  })
})

describe('placeholdersFor', () => {
  it('gives something for every variable but those with a default', () => {
    const text = '$A ${B} ${C:?} ${D?x} ${E:-1} ${F-2} ${G:+3}'
    expect(placeholdersFor([{ file: 'compose.yml', text }])).toEqual({
      A: '1',
      B: '1',
      C: '1',
      D: '1',
      G: '1',
    })
  })
})
