import { z } from 'zod'

// What things may be called in zarpe.yml.

/** A name of the user's choice, such as that of a server, a store or a database. */
export const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be lower-case letters, digits and hyphens, 31 at most')

/** The name of a variable of the environment. */
export const variable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of a variable, such as DATABASE_URL')
