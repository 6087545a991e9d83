import { fingerprint } from '../../plan/fingerprint.ts'
import type { Release } from '../model.ts'

/** What a release runs, however many tasks of it: equal for a release and its rollbacks and scalings. */
export const contentOf = ({ services, routes }: Release): string =>
  fingerprint({ services: services.map(({ service, hash }) => ({ service, hash })), routes })
