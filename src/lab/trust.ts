import { acme, directoryCertificate, ensureAcme, rootCertificate } from './acme.ts'

/** What a project's zarpe.yml and its visitors need so that certificates come from the lab. */
export const acmeSettings = async () => {
  await ensureAcme(() => undefined)
  const [directoryRoot, issuingRoot] = await Promise.all([
    directoryCertificate(),
    rootCertificate(),
  ])
  return {
    directory: acme.directory,
    /** Signs the ACME server's own certificate, and those it issues. */
    roots: `${directoryRoot.trim()}\n${issuingRoot.trim()}\n`,
    issuingRoot,
  }
}

/** A zarpe.yml whose certificates come from the lab, where `root` is the name of the file of roots; every other line as it was. */
export const withLabAcme = (config: string, directory: string, root: string): string => {
  const acme = `  acme:\n    directory: ${directory}\n    root: ${root}\n`
  return /^edge:$/m.test(config)
    ? config.replace(/^edge:\n/m, (line) => `${line}${acme}`)
    : `${config}edge:\n${acme}`
}
