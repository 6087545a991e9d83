import { canonical } from '../../plan/fingerprint.ts'
import { settingsFor } from '../authority.ts'
import type { EdgeApp, EdgeSettings } from '../model.ts'

/** Who issues the certificates of which domains: one policy for all that go by the same settings. */
export const tlsOf = (
  apps: EdgeApp[],
  domains: string[],
  acmeRootPath: (pem: string) => string,
) => {
  const policies = new Map<string, { settings: EdgeSettings; subjects: string[] }>()
  for (const domain of domains) {
    const settings = settingsFor(apps, domain)
    const key = canonical(settings)
    policies.set(key, {
      settings,
      subjects: [...(policies.get(key)?.subjects ?? []), domain],
    })
  }
  return {
    automation: {
      policies: [...policies.values()].map(({ settings, subjects }) => ({
        subjects,
        issuers: [issuerOf(settings, acmeRootPath)],
      })),
    },
  }
}

const issuerOf = (
  { acmeDirectory, acmeRoot, email }: EdgeSettings,
  acmeRootPath: (pem: string) => string,
) => ({
  module: 'acme',
  ...(acmeDirectory ? { ca: acmeDirectory } : {}),
  ...(email ? { email } : {}),
  ...(acmeRoot ? { trusted_roots_pem_files: [acmeRootPath(acmeRoot)] } : {}),
})
