import { expect, it } from 'vitest'
import type { Service } from '../../app/model.ts'
import { buildsOf } from './same-builds.ts'

const built = (name: string, context: string, more: Partial<Build> = {}): Service =>
  ({ name, image: { from: 'build', build: { ...plain, context, ...more } } }) as unknown as Service

type Build = Extract<Service['image'], { from: 'build' }>['build']
const plain: Omit<Build, 'context'> = {
  dockerfile: null,
  dockerfileInline: null,
  target: null,
  args: {},
  platform: null,
}

const names = (services: Service[]) =>
  buildsOf(services).map((builds) => builds.map((same) => same.map(({ name }) => name)))

it('builds once what is built in the same way, and one after the other what shares a context', () => {
  const services = [
    built('web', '/app'),
    built('api', '/api'),
    built('worker', '/app'),
    built('jobs', '/app', { target: 'jobs' }),
    { name: 'db', image: { from: 'registry', reference: 'postgres:17' } } as unknown as Service,
    built('late', '/app', { args: { B: '2', A: '1' } }),
    built('later', '/app', { args: { A: '1', B: '2' } }),
  ]
  expect(names(services)).toEqual([[['web', 'worker'], ['jobs'], ['late', 'later']], [['api']]])
})
