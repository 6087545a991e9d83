import { defineMethod } from '../../io/wire/method.ts'
import type { StatusFacts } from './model.ts'

/** Reads how a project and its server are right now. Changes nothing. */
export const readStatus = defineMethod<{ project: string }, StatusFacts>('status.read')
