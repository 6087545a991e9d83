import { cores } from '../../io/host/machine/resources.ts'
import type { RunContext, Runner } from '../../plan/runner.ts'
import { Problem, type ProblemData, problemsOf } from '../../problem/problem.ts'
import { amendBackup, noteCopy } from '../catalogue/catalogue.run.ts'
import { comparedText } from '../catalogue/render.ts'
import { backupNamed, openChain } from './copy.run.ts'
import { engineFor } from '../engines/table.run.ts'
import { withData } from '../lock.run.ts'
import { type Backup, type Dataset, localStore, type Proof } from '../model.ts'
import { processesOfProof } from './processes.ts'
import { removeCopy } from './prune.run.ts'
import { readSettings } from '../settings/settings.run.ts'
import { withStore } from '../store.run.ts'
import { unproven } from './unproven.ts'
import { withWork } from '../work.run.ts'

/** Kept of a proof that failed; a thousand tables that differ have one cause. */
const differencesMax = 50

/** Restores a copy and compares it with its manifest; the outcome is kept, also a bad one. */
export const runProve: Runner<'backup.prove'> = ({ project, id, from, keys }, context) =>
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
    /** Of the chain, the one that is being read, until all of them are. */
    let reading = backup
    let isOpen = false
    const noteBadCopy = async ({ summary, detail }: ProblemData) => {
      const at = new Date(context.now()).toISOString()
      const problem = `${summary} ${detail}`
      await noteCopy(project, reading.id, from, { state: 'failed', at, problem })
    }
    const differences = await withWork(project, context, async (data, room) => {
      const { contents, earlier } = await openChain(backup, { from, keys }, data, room, (each) => {
        reading = each
      })
      isOpen = true
      const origin = { store: from, to: null, earlier }
      const jobs = dataset?.kind === 'postgres' ? dataset.jobs : 1
      const priority = dataset?.priority ?? 'low'
      const processes = processesOfProof(jobs, cores(), priority)
      const own = { ...data, origin, processes, priority }
      return engineFor(contents.kind).prove(contents, dataset?.expect ?? [], own)
    }).catch(async (error: unknown) => {
      const [problem] = problemsOf(error)
      if (!problem) throw error
      const says = unproven(problem, { backup, reading, from, isOpen })
      if (says === 'spare-own-copy') await removeOwn(reading, context)
      if (says === 'bad-copy') await noteBadCopy(problem)
      if (says === 'bad-backup') await keep([problem.detail, ...(problem.evidence ?? [])])
      throw error
    })
    await keep(differences)
    if (differences.length > 0) throw differs(id, from, differences)
    context.note(comparedText(backup), 'stays')
  })

const removeOwn = ({ project, id }: Backup, context: RunContext) =>
  withStore(project, localStore, (store) =>
    removeCopy(store, { project, id, name: localStore }, false, context),
  )

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
