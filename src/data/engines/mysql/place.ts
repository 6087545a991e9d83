/** Where the official images keep their data. */
export const dataFolder = '/var/lib/mysql'
