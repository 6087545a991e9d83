import { paths } from '../paths.ts'
import { type Rule, serverStep, wantedFile } from './rule.ts'

/** The login for all later work: one command as root, no password, no Docker socket. */
export const deployUser: Rule = {
  id: 'deploy-user',
  why: 'a login for releases that may run one program as root and nothing else',
  wanted: (facts, settings) => {
    const name = settings.deployUser
    const keys = settings.authorizedKeys
    const lacking = keys.filter((key) => !facts.deployUser?.keys.includes(key))
    const content = `# Written by zarpe setup.\n${name} ALL=(root) NOPASSWD: ${paths.agent}\n`
    const file = { path: paths.sudoers, content, mode: '0440', check: 'sudoers' as const }
    return [
      ...(facts.deployUser && lacking.length === 0
        ? []
        : [serverStep('server.user', name, deployUser.why, { name, keys })]),
      ...wantedFile(facts, file, `${name} may start Zarpe's agent as root`),
    ]
  },
  notes: (facts, settings) =>
    facts.deployUser?.inDockerGroup
      ? [`${settings.deployUser} is in the group docker, which is as much as root; not changed`]
      : [],
}
