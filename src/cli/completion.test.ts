import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { completionScript } from './completion.ts'

const verbs = [
  { name: 'deploy', description: 'release', words: [] },
  { name: 'logs', description: 'what was printed', words: ['--follow', '--since'] },
]

/** What a real bash offers after these words. */
const offered = (words: string[]) => {
  const script = `${completionScript('bash', ['--json'], verbs)}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length - 1}
_zarpe
printf '%s\\n' "\${COMPREPLY[@]}"`
  return spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout.trim().split('\n')
}

describe('completionScript', () => {
  it('offers verbs, then the options of the verb', () => {
    expect(offered(['zarpe', ''])).toEqual(['deploy', 'logs', '--json'])
    expect(offered(['zarpe', 'de'])).toEqual(['deploy'])
    expect(offered(['zarpe', 'logs', '--'])).toEqual(['--follow', '--since', '--json'])
  })

  it('knows every shell', () => {
    expect(completionScript('zsh', [], verbs)).toContain('#compdef zarpe')
    expect(completionScript('fish', [], verbs)).toContain('-l since')
  })
})
