import type { AlertSettings } from './model.ts'

/** The acts on what a server knows of alerts. */
export type AlertSteps = {
  /** Writes whom to tell, and the timer that looks. */
  'alerts.configure': { settings: AlertSettings; fingerprint: string }
  /** Removes the settings, the timer and what was told. */
  'alerts.unconfigure': { project: string }
}
