export const shells = ['bash', 'zsh', 'fish'] as const

export type Verb = { name: string; description: string; words: string[] }

/** A completion script for a shell, made from the verbs themselves. */
export const completionScript = (
  shell: (typeof shells)[number],
  options: string[],
  verbs: Verb[],
): string => {
  if (shell === 'fish') return fish(options, verbs)
  if (shell === 'zsh')
    return `#compdef zarpe\nautoload -U +X bashcompinit && bashcompinit\n${bash(options, verbs)}`
  return bash(options, verbs)
}

const bash = (options: string[], verbs: Verb[]) => `_zarpe() {
  local word="\${COMP_WORDS[COMP_CWORD]}" verb="" each
  for each in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$each" in ${verbs.map(({ name }) => name).join('|')}) verb="$each"; break ;; esac
  done
  local words
  case "$verb" in
${verbs.map(({ name, words }) => `    ${name}) words="${words.join(' ')}" ;;`).join('\n')}
    *) words="${verbs.map(({ name }) => name).join(' ')}" ;;
  esac
  COMPREPLY=($(compgen -W "$words ${options.join(' ')}" -- "$word"))
}
complete -o default -F _zarpe zarpe
`

const fish = (options: string[], verbs: Verb[]) =>
  [
    'complete -c zarpe -f',
    ...options.map((option) => `complete -c zarpe -l ${option.replace('--', '')}`),
    ...verbs.map(
      ({ name, description }) =>
        `complete -c zarpe -n __fish_use_subcommand -a ${name} -d "${description.replaceAll('"', "'")}"`,
    ),
    ...verbs.flatMap(({ name, words }) =>
      words.map((word) =>
        word.startsWith('--')
          ? `complete -c zarpe -n "__fish_seen_subcommand_from ${name}" -l ${word.replace('--', '')}`
          : `complete -c zarpe -n "__fish_seen_subcommand_from ${name}" -a ${word}`,
      ),
    ),
    '',
  ].join('\n')
