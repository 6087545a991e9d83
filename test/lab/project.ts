import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../../scripts/bundle.ts'
import { acmeSettings, withLabAcme } from '../../src/lab/trust.ts'

export type Project = {
  folder: string
  /** Replaces a file of the project. */
  write: (name: string, content: string) => void
  read: (name: string) => string
  /** A release is watched for a second only, where how it is watched is not what is proven. */
  hurry: () => void
  /** Another version of the app: one line of one file. */
  version: (version: string) => void
  remove: () => void
}

/** A copy of an example or a fixture under a name of its own, with certificates from the lab. */
export const projectFrom = async (
  example: string,
  app: string,
  domain: string,
): Promise<Project> => {
  const folder = mkdtempSync(join(tmpdir(), `zarpe-${app}-`))
  const sources = [join(root, 'examples', example), join(root, 'test', 'fixtures', example)]
  cpSync(
    sources.find((source) => existsSync(source))!,
    folder,
    { recursive: true },
  )
  const settings = await acmeSettings()
  const write = (name: string, content: string) =>
    writeFileSync(join(folder, name), content, { mode: name.startsWith('.env') ? 0o600 : 0o644 })
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  write('acme-root.pem', settings.roots)
  const own = read('zarpe.yml')
    .replace(/^app: .*$/m, `app: ${app}`)
    .replaceAll(`${example}.example`, domain)
  write('zarpe.yml', withLabAcme(own, settings.directory, 'acme-root.pem'))
  return {
    folder,
    write,
    read,
    hurry: () => write('zarpe.yml', `${read('zarpe.yml')}release: { watch: 1s }\n`),
    version: (version) => write('VERSION', `${version}\n`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
