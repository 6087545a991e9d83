import type { Runner } from '../plan/runner.ts'
import { Problem, problemsOf } from '../problem/problem.ts'
import { amendBackup } from './catalogue.run.ts'
import { backupNamed, openCopy } from './copy.run.ts'
import { engineFor } from './engines/table.run.ts'
import { withData } from './lock.run.ts'
import type { Dataset, Proof } from './model.ts'
import { readSettings } from './settings.run.ts'
import { withWork } from './work.run.ts'

/** Kept of a proof that failed; a thousand tables that differ have one cause. */
const differencesMax = 50

/** Restores a copy and compares it with its manifest; the outcome is kept, also a bad one. */
export const runProve: Runner<'backup.prove'> = ({ project, id, from, key }, context) =>
  withData(project, context, async () => {
    const backup = await backupNamed(project, id)
    const startedAt = context.now()
    const dataset = await datasetOf(project, backup.dataset)
    const keep = async (differences: string[]) => {
      const proof: Proof = {
        at: new Date(context.now()).toISOString(),
        from,
        outcome: differences.length === 0 ? 'proven' : 'failed',
        ms: context.now() - startedAt,
        differences: differences.slice(0, differencesMax),
      }
      await amendBackup(project, id, (present) => ({ ...present, proof }))
    }
    const differences = await withWork(project, context, async (data, room) => {
      const { manifest } = await openCopy(backup, { from, key }, data, room)
      const { contents } = manifest
      return engineFor(contents.kind).prove(contents, dataset?.expect ?? [], data)
    }).catch(async (error: unknown) => {
      const [problem] = problemsOf(error)
      // A full disk or a lack of memory says nothing about the backup.
      if (problem && isAboutBackup.test(problem.code))
        await keep([problem.detail, ...(problem.evidence ?? [])])
      throw error
    })
    await keep(differences)
    if (differences.length > 0) throw differs(id, from, differences)
  })

const isAboutBackup = /^data\/(damaged|program-failed|sql-failed)$/

/** The user may have taken it out of zarpe.yml; its backups are there all the same. */
const datasetOf = async (project: string, name: string): Promise<Dataset | undefined> =>
  (await readSettings(project))?.settings.datasets.find((dataset) => dataset.name === name)

const differs = (id: string, from: string, differences: string[]) =>
  new Problem({
    code: 'data/not-proven',
    summary: 'A backup does not hold what was there when it was taken.',
    detail: `${id}, restored from ${from}: ${differences[0]}${
      differences.length > 1 ? `, and ${differences.length - 1} more` : ''
    }.`,
    fix: ['zarpe backup now', `zarpe backup show ${id}`],
    evidence: differences.slice(0, 12),
  })
