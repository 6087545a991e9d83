import type { LoginFacts, OsFacts, UnitFacts } from '../model.ts'

/** Reads /etc/os-release. */
export const parseOsRelease = (text: string): OsFacts => {
  const value = (key: string) => new RegExp(`^${key}="?([^"\n]*)"?$`, 'm').exec(text)?.[1] ?? ''
  return {
    id: value('ID'),
    version: value('VERSION_ID'),
    codename: value('VERSION_CODENAME'),
    name: value('PRETTY_NAME'),
  }
}

/** Reads the memory figures of /proc/meminfo, in megabytes. */
export const parseMemory = (text: string) => {
  const mb = (key: string) =>
    Math.floor(Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) / 1024)
  return { memoryMb: mb('MemTotal'), memoryFreeMb: mb('MemAvailable'), swapMb: mb('SwapTotal') }
}

/** Reads `systemctl show --timestamp=unix` with the properties below; absent units are left out. */
export const unitProperties = 'Id,ActiveState,UnitFileState,LoadState,ActiveEnterTimestamp'

export const parseUnits = (text: string): Record<string, UnitFacts> => {
  const units: Record<string, UnitFacts> = {}
  for (const block of text.split('\n\n')) {
    const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(block)?.[1] ?? ''
    if (!value('Id') || value('LoadState') === 'not-found') continue
    units[value('Id')] = {
      active: value('ActiveState'),
      enabled: value('UnitFileState'),
      startedAt: Number(/@(\d+)/.exec(value('ActiveEnterTimestamp'))?.[1] ?? 0),
    }
  }
  return units
}

/** Reads `dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n'`. */
export const parsePackages = (text: string) => {
  const packages: string[] = []
  const brokenPackages: string[] = []
  const heldPackages: string[] = []
  for (const line of text.split('\n')) {
    const match = /^(\w)(\w)(.) ?\s*(\S+)$/.exec(line)
    if (!match) continue
    const [, wish, state, , name] = match as unknown as [string, string, string, string, string]
    if (state === 'i') packages.push(name)
    else if ('UFHWt'.includes(state)) brokenPackages.push(name)
    if (wish === 'h') heldPackages.push(name)
  }
  return { packages, brokenPackages, heldPackages }
}

/** Which of the modules /proc/modules lists; there a dash is written as an underscore. */
export const loadedOf = (text: string, names: string[]): string[] => {
  const loaded = new Set(text.split('\n').map((line) => line.split(' ')[0]!))
  return names.filter((name) => loaded.has(name.replaceAll('-', '_')))
}

export type Account = { name: string; uid: number; home: string; shell: string }

/** Reads /etc/passwd: the accounts that can log in. */
export const parseAccounts = (text: string): Account[] =>
  text
    .split('\n')
    .map((line) => line.split(':'))
    .filter((parts) => parts.length === 7 && !/(nologin|false|sync)$/.test(parts[6]!))
    .map((parts) => ({
      name: parts[0]!,
      uid: Number(parts[2]),
      home: parts[5]!,
      shell: parts[6]!,
    }))

/** The keys in an `authorized_keys` file, without comments. */
export const parseKeys = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith('#'))

/** Whether a login is in a group, by /etc/group. */
export const isInGroup = (text: string, group: string, login: string) =>
  text
    .split('\n')
    .map((line) => line.split(':'))
    .some((parts) => parts[0] === group && (parts[3] ?? '').split(',').includes(login))

export const loginFacts = (account: Account, keys: string[]): LoginFacts => ({
  name: account.name,
  uid: account.uid,
  keyCount: keys.length,
})
