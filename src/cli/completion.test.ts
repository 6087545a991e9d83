import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { completionScript } from './completion.ts'
import { placesOf } from './completion.command.ts'
import { program } from './program.ts'

const places = placesOf(program())

/** What a real bash offers after these words. */
const offered = (...words: string[]) => {
  const script = `${completionScript('bash', places)}
COMP_WORDS=(zarpe ${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length}
_zarpe
printf '%s\\n' "\${COMPREPLY[@]}"`
  return spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout.trim().split('\n')
}

const everywhere = ['--directory', '--env', '--server', '--json', '--yes']

describe('completionScript', () => {
  it('offers verbs, then what the verb has', () => {
    expect(offered('')).toEqual(expect.arrayContaining(['deploy', 'backup', '--version']))
    expect(offered('de')).toEqual(['deploy'])
    expect(offered('status', '--')).toEqual(everywhere)
    expect(offered('logs', '--f')).toEqual(['--follow'])
  })

  it('walks down the tree, however deep', () => {
    expect(offered('backup', 're')).toEqual(['restore'])
    expect(offered('backup', 'restore', '--d')).toEqual(['--dataset', '--dry-run', '--directory'])
    expect(offered('secrets', 'recipients', '')).toEqual(['add', 'remove', 'list', ...everywhere])
    // Not what is under another verb, or under this one in another place.
    expect(offered('secrets', 'recipients', 'list', '')).toEqual(everywhere)
    expect(offered('lab', 'up', '--')).toEqual(['--image', '--ready', ...everywhere])
  })

  it('offers choices of arguments and options, once', () => {
    expect(offered('completion', '')).toEqual(['bash', 'zsh', 'fish', ...everywhere])
    expect(offered('completion', 'bash', '')).toEqual(everywhere)
    expect(offered('lab', 'up', '--image', 'debian-12')).toEqual(['debian-12'])
    expect(offered('deploy', '--build-on', '')).toEqual(['laptop', 'server'])
  })

  it('takes no value of an option for a verb, and leaves files to the shell there', () => {
    expect(offered('-C', 'backup', 'logs', '--f')).toEqual(['--follow'])
    expect(offered('--env', '')).toEqual([''])
    expect(offered('backup', 'extract', '--to', '')).toEqual([''])
  })

  it('knows every shell', () => {
    expect(completionScript('zsh', places)).toContain('#compdef zarpe')
    const fish = completionScript('fish', places)
    expect(fish).toContain(`-n '__zarpe_at \\'backup restore\\'' -l dry-run`)
    expect(fish).toContain(`-n '__zarpe_at \\'completion\\'' -a fish`)
    expect(fish).toContain(`-n '__zarpe_at \\'deploy\\'' -l build-on -x -a 'laptop server'`)
  })
})
