import { describe, expect, it } from 'vitest'
import { logRange } from './manifest.ts'
import { recoverySettings } from './settings.ts'

describe('a server that recovers', () => {
  const settings = (to: string | null, isKept = true) =>
    recoverySettings({ to, isKept, prepared: 0 }).join('\n')

  it('stops where it is told, and becomes a server of its own there', () => {
    expect(settings(null)).toContain(`recovery_target='immediate'`)
    expect(settings('2026-01-31T10:15:00.000Z')).toContain(
      `recovery_target_time='2026-01-31 10:15:00.000+00'`,
    )
    expect(settings('latest')).not.toMatch(/recovery_target(_time)?='[^']/)
    expect(settings('latest')).toContain(`recovery_target_action='promote'`)
  })

  it('is not careless with what is kept', () => {
    expect(settings(null, true)).toContain(`fsync='on'`)
    expect(settings(null, false)).toContain(`fsync='off'`)
  })

  it('is told nothing that ends a quoted word of a shell', () => {
    for (const each of settings('latest').split('\n')) expect(each.split(`'`)).toHaveLength(3)
  })

  it('heeds nothing that the copy has left of another recovery, nor runs its commands', () => {
    const told = settings('2026-01-31T10:15:00.000Z')
    for (const name of ['recovery_target', 'recovery_target_xid', 'recovery_end_command'])
      expect(told).toContain(`-c ${name}=''`)
    expect(told.indexOf(`recovery_target_time='2026`)).toBeGreaterThan(
      told.indexOf(`recovery_target_xid=''`),
    )
  })
})

describe('the log that a copy needs', () => {
  const range = `{ "Timeline": 1, "Start-LSN": "0/3000028", "End-LSN": "1/A0000120" }`

  it('is told by the end of its manifest', () => {
    const tail = `…],\n"WAL-Ranges": [\n${range}\n],\n"Manifest-Checksum": "21d7"}\n\0\0`
    expect(logRange(tail)).toEqual({ start: '0/3000028', stop: '1/A0000120' })
  })

  it('is not known where there is no manifest, or timelines changed', () => {
    expect(logRange('')).toBe(null)
    expect(logRange(`"WAL-Ranges": [\n${range},\n${range}\n]`)).toBe(null)
  })
})
