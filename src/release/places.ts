/** Where a server keeps what it must know of projects, a folder for each. */
export const stateFolder = '/var/lib/zarpe/projects'
