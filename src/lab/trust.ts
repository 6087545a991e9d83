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
