import { loadProjects } from '../check/project/project.load.ts'
import type { Context } from '../cli/context.ts'
import { exists } from '../config/init.command.ts'
import { initialConfig } from '../config/init.render.ts'
import { deriveContract, derivedWords } from '../contract/derive/derive.run.ts'
import { createExclusive, statOf, within } from '../io/host/files/durable.ts'
import { Problem, type ProblemData } from '../problem/problem.ts'
import { type Adoption, loadAdoption } from './adopt.load.ts'
import { overlayFile } from './overlay.render.ts'

const overlayName = 'compose.zarpe.yml'

/** `zarpe init --from`: writes what Zarpe needs beside Compose files that stay as they are. */
export const adopt = async (context: Context, names: string[]): Promise<void> => {
  const { folder } = context
  if ((await statOf(within(folder, 'zarpe.yml'))) !== null) throw exists()
  const adoption = await loadAdoption(folder, [...new Set(names)])
  const { found } = adoption
  const overlay = overlayFile(adoption.overlay)
  if (overlay !== null && !found.compose.includes(overlayName)) {
    if (!(await createExclusive(within(folder, overlayName), overlay, 0o644))) throw overlayExists()
    found.compose = [...found.compose, overlayName]
  }
  if (!(await createExclusive(within(folder, 'zarpe.yml'), initialConfig(found), 0o644)))
    throw exists()
  const contract = await deriveContract(folder, 'production')
  // The words of `check` itself, so that nobody is told one thing now and another one then.
  const { problems } = await loadProjects(folder, { environment: undefined, withValues: false })
  tell(context, adoption, overlay !== null, contract, problems)
}

const tell = (
  { terminal }: Context,
  { found, overlay, left, notes }: Adoption,
  hasOverlay: boolean,
  contract: Awaited<ReturnType<typeof deriveContract>>,
  problems: ProblemData[],
) => {
  const { routes, keepers } = found.adopted
  const more = [...notes, ...(contract.is === 'written' ? contract.notes : [])]
  terminal.emit({
    type: 'result',
    outcome: 'written',
    files: [
      'zarpe.yml',
      ...(hasOverlay ? [overlayName] : []),
      ...(contract.is === 'written' ? ['.env.schema'] : []),
    ],
    ...found,
    replaced: overlay.replaced,
    left,
    refused: problems,
    notes: more,
  })
  const good = terminal.good('✓')
  const count = found.services.length
  terminal.say(
    `${good} zarpe.yml written for ${count} ${count === 1 ? 'service' : 'services'} of ${found.compose.filter((each) => each !== overlayName).join(', ')}`,
  )
  if (hasOverlay)
    terminal.say(
      `${good} ${overlayName} written: what is taken away from those, which stay as they are`,
    )
  if (contract.is === 'written') terminal.say(`${good} ${derivedWords(contract)}`)
  if (contract.is === 'there already')
    terminal.say(`${good} .env.schema is there already and stays as it is`)
  for (const { domain, path, upstream, from } of routes)
    terminal.say(`  route: ${domain}${path} → ${upstream}    ${terminal.dim(from.join(', '))}`)
  for (const { service, image, volumes } of keepers)
    terminal.say(
      `  keeps data: ${service} (${image}) ${volumes.length > 0 ? `on ${volumes.join(', ')}` : 'on no named volume'}`,
    )
  for (const { service, why } of overlay.replaced)
    terminal.say(`  left out: ${service}, because ${why}`)
  for (const line of notCarried(left, problems)) terminal.say(line)
  for (const note of more) terminal.say(terminal.dim(`  note: ${note}`))
  terminal.say('  Put in your server, read the files through, then: zarpe check')
}

const notCarried = (left: Adoption['left'], problems: ProblemData[]): string[] => {
  const lines = [
    ...left.map(({ what, why, place }) => `    ${place.file}:${place.line}  ${what}: ${why}`),
    ...problems.map(
      ({ place, detail }) => `    ${place ? `${place.file}:${place.line}  ` : ''}${detail}`,
    ),
  ]
  return lines.length > 0 ? [`  not carried over (${lines.length}):`, ...lines] : []
}

const overlayExists = () =>
  new Problem({
    code: 'config/overlay-exists',
    summary: 'The file that init would write is there already; it was not touched.',
    detail: `${overlayName} would hold what is taken away from your Compose files.`,
    fix: [`mv ${overlayName} ${overlayName}.old && zarpe init --from …`],
  })
