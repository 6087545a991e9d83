import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/**
 * A folder of the user's by the name of the variable that says where it is, else below the home. One that is empty or relative counts
 * as unset, as the XDG specification says: it would be another folder wherever a command is started, such as a repository.
 */
export const userFolder = (variable: string, ...belowHome: string[]): string => {
  const named = process.env[variable] ?? ''
  return isAbsolute(named) ? named : join(homedir(), ...belowHome)
}
