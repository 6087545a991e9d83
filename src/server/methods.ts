import { defineMethod } from '../io/wire/method.ts'
import type { Facts } from './model.ts'
import type { Belongings } from './uninstall/model.ts'

/** Reads everything that `setup` decides by. Changes nothing. */
export const inspectServerMethod = defineMethod<null, Facts>('server.inspect')

/** Reads what is Zarpe's on a server, and what is not. Changes nothing. */
export const inspectBelongingsMethod = defineMethod<null, Belongings>('server.belongings')
