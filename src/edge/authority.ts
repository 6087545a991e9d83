import type { EdgeApp, EdgeSettings } from './model.ts'

/**
 * Whose settings a domain's one certificate goes by: those of its app; where apps share it, of the one
 * that has the shortest path, so that who was deployed last makes no difference.
 */
export const settingsFor = (apps: EdgeApp[], domain: string): EdgeSettings => {
  const [first] = apps
    .flatMap(({ project, routes, settings }) =>
      routes
        .filter((route) => route.domain === domain)
        .map(({ path }) => ({ project, settings, length: path.length })),
    )
    .toSorted(
      (left, right) => left.length - right.length || (left.project < right.project ? -1 : 1),
    )
  return first?.settings ?? {}
}
