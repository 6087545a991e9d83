import { describe, expect, it } from 'vitest'
import { mergeDaemonJson, parseDaemonJson } from './daemon-json.ts'

const wanted = { addressPool: '10.201.0.0/16', raiseLimits: true }

describe('mergeDaemonJson', () => {
  it('keeps what it does not know and drops what a swarm refuses', () => {
    const there = {
      'registry-mirrors': ['https://mirror.example'],
      'live-restore': true,
      'log-driver': 'json-file',
      'log-opts': { 'max-size': '10m' },
    }
    expect(mergeDaemonJson(there, wanted)).toEqual({
      'registry-mirrors': ['https://mirror.example'],
      'log-driver': 'journald',
      'log-opts': { labels: 'com.docker.swarm.service.name' },
      'default-address-pools': [{ base: '10.201.0.0/16', size: 24 }],
      'default-ulimits': {
        nofile: { Name: 'nofile', Soft: 65_536, Hard: 524_288 },
        core: { Name: 'core', Soft: 0, Hard: 0 },
      },
    })
  })

  it('raises no limit on a server that may not, and still forbids copies of memory', () => {
    expect(mergeDaemonJson({}, { ...wanted, raiseLimits: false })).toMatchObject({
      'default-ulimits': { core: { Name: 'core', Soft: 0, Hard: 0 } },
    })
  })

  it('leaves pools, limits and options of the journal as their owner chose them', () => {
    const there = {
      'log-driver': 'journald',
      'log-opts': { tag: '{{.Name}}' },
      'default-address-pools': [{ base: '172.30.0.0/16', size: 26 }],
      'default-ulimits': {},
    }
    expect(mergeDaemonJson(there, wanted)).toEqual({
      ...there,
      'log-opts': { tag: '{{.Name}}', labels: 'com.docker.swarm.service.name' },
    })
  })

  it('changes nothing the second time', () => {
    const once = mergeDaemonJson({ debug: true }, wanted)
    expect(mergeDaemonJson(once, wanted)).toEqual(once)
  })
})

describe('parseDaemonJson', () => {
  it('takes no file for an empty one and refuses what is no object', () => {
    expect(parseDaemonJson(' \n')).toEqual({})
    expect(parseDaemonJson('{')).toBeNull()
    expect(parseDaemonJson('[]')).toBeNull()
  })
})
