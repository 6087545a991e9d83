import { Problem } from '../../problem/problem.ts'

/** A Swarm secret that a release needs is not on the server, and its content is nowhere but there. */
export const secretGone = (names: string[]) =>
  new Problem({
    code: 'release/secret-gone',
    summary: 'A secret that the release mounts is gone from the server.',
    detail: `${names.join(', ')}: the record of a release holds no content of a secret.`,
    fix: ['zarpe deploy    # brings the present contents'],
  })
