import { readText } from '../../io/host/files/durable.ts'
import { type Account, isInGroup, loginFacts, parseAccounts, parseKeys } from './system.ts'
import type { Facts } from '../model.ts'
import { readFiles } from './read.inspect.ts'

/** Where the keys of a login are. */
export const keysPath = (home: string) => `${home}/.ssh/authorized_keys`

/** Who can log in, with how many keys; and the deploy user, if it exists. */
export const inspectLogins = async (
  deployUser: string,
): Promise<Pick<Facts, 'logins' | 'deployUser'>> => {
  const accounts = parseAccounts((await readText('/etc/passwd')) ?? '')
  const files = await readFiles(accounts.map((each) => keysPath(each.home)))
  const keysOf = (account: Account) => parseKeys(files[keysPath(account.home)]?.content ?? '')
  const deploy = accounts.find((each) => each.name === deployUser)
  const groups = (await readText('/etc/group')) ?? ''
  return {
    logins: accounts.map((each) => loginFacts(each, keysOf(each))),
    deployUser: deploy
      ? { keys: keysOf(deploy), inDockerGroup: isInGroup(groups, 'docker', deployUser) }
      : null,
  }
}
