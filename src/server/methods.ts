import { defineMethod } from '../io/wire/method.ts'
import type { Facts } from './model.ts'

/** Reads everything that `setup` decides by. Changes nothing. */
export const inspectServerMethod = defineMethod<null, Facts>('server.inspect')
