// The agent on a server: Zarpe's own Node runtime, this very program, and what Node has compiled of it.

/** Where they are; a link names the runtime and one the program that counts. */
export const agentHome = '/usr/local/lib/zarpe'

/** What starts the agent, as a launcher or a unit has it. */
export const agentProgram = `${agentHome}/node --disable-warning=ExperimentalWarning ${agentHome}/zarpe.mjs agent`

/** Node's compile cache: a third of the time that an agent takes to start is compiling. It may go at any time. */
export const compiled = `${agentHome}/compiled`
