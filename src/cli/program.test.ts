import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { program } from './program.ts'

const helpOf = (command: Command) => {
  let help = ''
  command.configureOutput({ writeOut: (text) => (help += text) })
  command.outputHelp()
  return help
}

const tree = (command: Command, path = command.name()): [path: string, command: Command][] => [
  [path, command],
  ...command.commands.flatMap((child) => tree(child, `${path} ${child.name()}`)),
]

describe('--help', () => {
  it.each(tree(program()))('of %s has examples, of itself', (path, command) => {
    const examples = /\nExamples?:\n((?: {2}.*\n?)+)/.exec(helpOf(command))?.[1] ?? ''
    expect(examples).not.toBe('')
    const [first, ...verbs] = path.split(' ')
    // Options may stand before the verb; what begins with another word is what a shell does beside it.
    const own = new RegExp(`\\b${first}\\b.*${verbs.map((verb) => ` ${verb}\\b`).join('')}`)
    expect(examples).toMatch(own)
  })
})
