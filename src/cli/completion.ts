export const shells = ['bash', 'zsh', 'fish'] as const

/** What can follow on one command of the tree: the program itself, a verb, a verb of a verb. */
export type Place = {
  /** Its words after the program's name, such as `backup restore`. */
  path: string
  description: string
  /** Verbs under it. */
  words: string[]
  options: Offered[]
  /** The choices of each argument; none where anything can stand. */
  choices: string[][]
}

export type Offered = {
  long: string
  short?: string | undefined
  description: string
  /** A value comes with it, which is one of these if there are any. */
  takes: { choices: string[] } | null
}

/** A completion script for a shell, made from the tree of verbs; its first place is the program itself. */
export const completionScript = (shell: (typeof shells)[number], places: Place[]): string => {
  if (shell === 'fish') return fish(places)
  if (shell === 'zsh')
    return `#compdef zarpe\nautoload -U +X bashcompinit && bashcompinit\n${bash(places)}`
  return bash(places)
}

/** Options whose next word is their value, and no verb. */
const takers = (places: Place[]) => {
  const names = places.flatMap(({ options }) =>
    options.flatMap(({ long, short, takes }) => (takes ? [long, ...(short ? [short] : [])] : [])),
  )
  return [...new Set(names)]
}

/** The program's own options stand everywhere; its version is asked of it alone. */
const optionsAt = ({ path, options }: Place, [program]: Place[]): Offered[] =>
  path === ''
    ? options
    : [...options, ...program!.options.filter(({ long }) => long !== '--version')]

const bash = (places: Place[]) => {
  const offers = places.map((place) => {
    const { path, words, choices } = place
    const options = optionsAt(place, places)
    const first = [...words, ...(choices[0] ?? [])].join(' ')
    const more = choices.slice(1).map((each, at) => `${at + 1}) offer="${each.join(' ')}" ;;`)
    return [
      ...options.flatMap(({ long, short, takes }) =>
        takes
          ? [
              `    "${path}:${long}"${short ? `|"${path}:${short}"` : ''}) offer="${takes.choices.join(' ')}" ;;`,
            ]
          : [],
      ),
      `    "${path}:")`,
      `      case "$count" in 0) offer="${first}" ;; ${more.join(' ')} esac`,
      `      offer="$offer ${options.map(({ long }) => long).join(' ')}" ;;`,
    ].join('\n')
  })
  // In zsh, `path` and `words` are its own. Where nothing is offered, as for the value of an option, the shell offers files.
  return `_zarpe() {
  local word="\${COMP_WORDS[COMP_CWORD]}" at="" option="" offer="" count=0 each
  for each in "\${COMP_WORDS[@]:1:$((COMP_CWORD - 1))}"; do
    if [ -n "$option" ]; then option=""; continue; fi
    case "$each" in
      ${takers(places).join('|')}) option="$each"; continue ;;
      -*) continue ;;
    esac
    case "$at $each" in
      ${paths(places)
        .map((path) => `"${path.includes(' ') ? path : ` ${path}`}"`)
        .join('|')}) at="\${at:+$at }$each" ;;
      *) count=$((count + 1)) ;;
    esac
  done
  case "$at:$option" in
${offers.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$offer" -- "$word"))
}
complete -o default -F _zarpe zarpe
`
}

const paths = (places: Place[]) => places.flatMap(({ path }) => (path === '' ? [] : [path]))

const fish = (places: Place[]) => {
  const lines = places.flatMap((place) => {
    const under = places.filter(({ path }) =>
      place.words.some((word) => path === joined(place, word)),
    )
    const at = `complete -c zarpe -n ${quoted(`__zarpe_at ${quoted(place.path)}`)}`
    return [
      ...under.map(
        ({ path, description }) => `${at} -a ${path.split(' ').at(-1)!} -d ${quoted(description)}`,
      ),
      ...place.choices.flat().map((word) => `${at} -a ${word}`),
      ...optionsAt(place, places).map(
        ({ long, short, description, takes }) =>
          `${at} -l ${long.slice(2)}${short ? ` -s ${short.slice(1)}` : ''}${valueOf(takes)} -d ${quoted(description)}`,
      ),
    ]
  })
  return `function __zarpe_at
  set -l path
  set -l skip 0
  for each in (commandline -opc)[2..]
    if test $skip = 1
      set skip 0
      continue
    end
    switch $each
      case ${takers(places).join(' ')}
        set skip 1
      case '-*'
      case '*'
        if contains -- (string join ' ' $path $each) ${paths(places).map(quoted).join(' ')}
          set path $path $each
        end
    end
  end
  test "$path" = "$argv[1]"
end
complete -c zarpe -f
${lines.join('\n')}
`
}

const joined = ({ path }: Place, word: string) => (path === '' ? word : `${path} ${word}`)

const valueOf = (takes: Offered['takes']) => {
  if (!takes) return ''
  return takes.choices.length > 0 ? ` -x -a ${quoted(takes.choices.join(' '))}` : ' -r -F'
}

/** A word of fish, whatever is in it. */
const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
