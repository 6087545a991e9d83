/** What leads `docker` itself: an argument of this name must not send it elsewhere. */
const leadsDocker =
  /^(PATH|HOME|TMPDIR|DOCKER_(HOST|CONTEXT|CONFIG|API_VERSION|TLS|TLS_VERIFY|CERT_PATH|BUILDKIT|DEFAULT_PLATFORM|CUSTOM_HEADERS)|BUILDX_\w+|BUILDKIT_\w+)$/

/**
 * How a build gets its arguments: the names on the command line, where other users of the machine can
 * read them, the values in the environment, from which docker takes them. Only what docker would take
 * for its own settings has its value on the command line.
 */
export const argumentsOf = (args: Record<string, string>) => {
  const all = Object.entries(args)
  return {
    argv: all.flatMap(([name, value]) => [
      '--build-arg',
      leadsDocker.test(name) ? `${name}=${value}` : name,
    ]),
    env: Object.fromEntries(all.filter(([name]) => !leadsDocker.test(name))),
  }
}
