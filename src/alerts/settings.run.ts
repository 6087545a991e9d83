import { sealedFile } from '../release/records/sealed-file.run.ts'
import type { AlertSettings } from './model.ts'

/** What a server was told of whom to tell. */
export const alertSettings = sealedFile<AlertSettings>('alerts')
