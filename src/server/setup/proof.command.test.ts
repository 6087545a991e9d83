import { describe, expect, it } from 'vitest'
import { executePlan, type ExecuteResult } from '../../agent/methods.ts'
import type { Context } from '../../cli/context.ts'
import { openTerminal } from '../../cli/terminal.ts'
import type { AgentConnection } from '../../io/ssh/connect.ts'
import { Problem } from '../../problem/problem.ts'
import { bareDebian13, exampleSettings } from '../example.model.ts'
import type { Facts } from '../model.ts'
import { planSetup } from './plan.ts'
import { runProven } from './proof.command.ts'

const problem = (code: string) => ({ code, summary: 'What.', detail: 'Why.', fix: [] })
const plan = planSetup(bareDebian13, exampleSettings())
const context: Context = {
  terminal: openTerminal({ json: true }),
  options: { directory: '/', json: true, yes: true },
  folder: '/',
  by: 'tester',
}

const failedAtSsh: ExecuteResult = {
  outcome: 'failed',
  step: plan.steps.at(-1)!,
  problem: problem('server/sshd-refused'),
  reverted: 'nothing-to-do',
}

/** A server on which the plan ends so, and that stands so after it; null: it is not heard of again. */
const serverThat = (result: ExecuteResult, after: Facts | null) => {
  const call = ({ name }: { name: string }) => {
    if (name === executePlan.name) return Promise.resolve(result)
    return after ? Promise.resolve(after) : Promise.reject(new Error('gone'))
  }
  return { wire: { call, onNotice: () => undefined } } as unknown as AgentConnection
}

const armed: Facts = { ...bareDebian13, guards: { firewall: 'armed', sshd: 'none' } }

describe('a set-up', () => {
  let proofs = 0
  const prove = () => {
    proofs += 1
    return Promise.resolve()
  }
  const run = (connection: AgentConnection, proof = prove) => {
    proofs = 0
    return runProven(context, connection, { plan, facts: bareDebian13, prove: proof })
  }

  it('that fails at SSH keeps the firewall that it said would stay', async () => {
    await expect(run(serverThat(failedAtSsh, armed))).rejects.toThrow(/sshd-refused/)
    expect(proofs).toBe(1)
  })

  it('that fails with nothing armed, or with its connection, proves nothing', async () => {
    await expect(run(serverThat(failedAtSsh, bareDebian13))).rejects.toThrow(/sshd-refused/)
    await expect(run(serverThat(failedAtSsh, null))).rejects.toThrow(/sshd-refused/)
    expect(proofs).toBe(0)
  })

  it('that fails and cannot be proven either tells both', async () => {
    const unproven = () => Promise.reject(new Problem(problem('server/not-proven')))
    await expect(run(serverThat(failedAtSsh, armed), unproven)).rejects.toThrow(
      /sshd-refused[^]*not-proven/,
    )
  })

  it('that goes well is proven once', async () => {
    await run(serverThat({ outcome: 'done' }, armed))
    expect(proofs).toBe(1)
  })
})
