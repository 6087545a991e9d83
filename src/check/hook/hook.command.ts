import { relative } from 'node:path'
import type { Context } from '../../cli/context.ts'
import { absolute } from '../../io/host/files/durable.ts'
import { installHook, uninstallHook } from './hook.run.ts'

/** `zarpe check --install-hook` and `--uninstall-hook`. */
export const changeHook = async (context: Context, installs: boolean): Promise<void> => {
  const { terminal, folder } = context
  const change = installs
    ? await installHook(folder, { node: process.execPath, path: absolute(process.argv[1] ?? '') })
    : await uninstallHook(folder)
  const path = relative(folder, change.path)
  terminal.emit({ type: 'result', ...change })
  const good = terminal.good('✓')
  const others = change.others.join(', ')
  if (change.gone.length > 0)
    terminal.say(terminal.dim(`  Not there any more, and forgotten: ${change.gone.join(', ')}`))
  if (change.outcome === 'none')
    return terminal.say(
      others === ''
        ? `${good} there is no hook of Zarpe's at ${path}`
        : `${good} ${path} does not look at this folder; it does at ${others}`,
    )
  if (change.outcome === 'removed' && others !== '')
    return terminal.say(`${good} ${path} leaves this folder out; it still looks at ${others}`)
  if (change.outcome === 'removed')
    return terminal.say(
      `${good} ${path} is gone${change.kept ? '; the hook that was there before is back' : ''}`,
    )
  terminal.say(
    `${good} ${path} ${change.outcome === 'unchanged' ? 'is as it should be' : 'written'}: secrets are looked for before each commit`,
  )
  if (change.kept) terminal.say(terminal.dim('  The hook that was there runs first.'))
  terminal.say(terminal.dim('  To take it away: zarpe check --uninstall-hook'))
}
