// What a run must have for itself alone. Locks and journals go by these texts.

/** The machine itself. Every other scope begins with a project's name. */
export const serverScope = 'server'

/** A project's backups, which may run beside what changes its services. No project's name has an "@". */
export const dataScope = (project: string) => `${project}@data`

/** What a plan of this scope is about. */
export const scopeKind = (scope: string): 'server' | 'data' | 'project' => {
  if (scope === serverScope) return 'server'
  return scope.endsWith('@data') ? 'data' : 'project'
}

/** The project that a scope belongs to. */
export const projectOfScope = (scope: string) => scope.replace(/@data$/, '')
