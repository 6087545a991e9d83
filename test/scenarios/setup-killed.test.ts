import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askHttps } from '../../src/io/caddy/ask.ts'
import { rootCertificate } from '../../src/lab/acme.ts'
import { down, inside, up, type Vps } from '../../src/lab/vps.ts'
import { problemIn, said, zarpe, zarpeOk } from '../lab/cli.ts'
import { forgetOrders, type Order, order, reached } from '../lab/fault.ts'
import { figure } from '../lab/figures.ts'
import { ofZarpe, setUpState } from '../lab/of-zarpe.ts'
import { type Project, projectFrom } from '../lab/project.ts'
import { pointTo } from '../lab/server.ts'

// Servers as a cloud gives them: root has no login, and a user of the hoster's may do all by sudo. One
// is set up in one go. Of the other, the agent dies after each step of its set-up, and after each of its
// uninstall: the next plain command goes on, and the two come out the same.

const whole = 'setup-whole'
const killed = 'setup-killed'
const hoster = 'admin'
const domain = 'killed.example'
const limitMs = 900_000

let project: Project
let server: Vps

const on = async (name: string, script: string) => {
  const { code, stdout, stderr } = await inside(name, ['sh', '-ec', script], { limitMs: 120_000 })
  if (code !== 0) throw new Error(`${script}: ${stdout}${stderr}`)
  return stdout.trim()
}

/** Only the image of a cloud has it so: the lab's servers begin as a hoster of machines hands them over. */
const asCloudsAre = `
apt-get install --yes --no-install-recommends sudo > /dev/null
useradd --create-home --shell /bin/bash ${hoster}
mv /root/.ssh /home/${hoster}/.ssh
chown -R ${hoster}: /home/${hoster}/.ssh
echo '${hoster} ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/90-cloud
echo 'PermitRootLogin no' > /etc/ssh/sshd_config.d/50-cloud.conf
systemctl reload ssh`

const cloudServer = async (name: string) => {
  await down(name)
  const vps = await up({ name, image: 'debian-13' }, () => undefined)
  await on(name, asCloudsAre)
  return vps
}

beforeAll(async () => {
  await cloudServer(whole)
  server = await cloudServer(killed)
  project = await projectFrom('hello', 'killed', domain)
  project.hurry()
  await pointTo(server, [domain])
}, limitMs)

afterAll(async () => {
  project?.remove()
  if (process.env['ZARPE_KEEP']) return
  await down(whole)
  await down(killed)
}, limitMs)

const target = `${hoster}@${killed}`

/** Gives a command that the agent does not survive; the step at which it died, or null if it did survive. */
const dies = async (verb: 'setup' | 'uninstall', when: Order): Promise<string | null> => {
  await order(killed, when)
  const result = await zarpe([verb, target], { doors: true })
  const step = await reached(killed)
  await forgetOrders(killed)
  if (step === null) expect(result.code, `${when}: ${said(result)}`).toBe(0)
  else expect(problemIn(result).code, `died after ${step}: ${said(result)}`).toBe('ssh/lost')
  return step
}

/**
 * Gives the command again and again, and has the agent die after the first step at which it has not died yet: in
 * which order, until it has died after the last, or a command ends by itself.
 */
const dyingAlong = async (verb: 'setup' | 'uninstall', last: RegExp): Promise<string[]> => {
  const died: string[] = []
  for (let index = 0; index < 30;) {
    const step = await dies(verb, `kill after ${index}`)
    if (step === null) break
    // What is done each time again, whether it finds something or not, is passed by.
    if (died.includes(step)) index += 1
    else {
      died.push(step)
      // What a set-up has done it plans no more; an uninstall begins with the same steps each time.
      if (verb === 'setup') index = 0
    }
    if (last.test(step)) break
  }
  return died
}

const tell = (verb: string, died: string[]) =>
  figure(`${verb}: the agent dies`, `after ${died.length} steps, and goes on each time`)

const status = async () => {
  const question = { address: server.address, port: 443, domain, path: '/', headers: {} }
  const reply = await askHttps({ ...question, roots: await rootCertificate(), limitMs: 5_000 })
  return 'failed' in reply ? `${reply.failed}: ${reply.text}` : reply.status
}

describe('a server whose only login is a user with sudo', { timeout: limitMs }, () => {
  it('is set up by him, and needs nothing then; he still logs in, and root does not', async () => {
    await zarpeOk(['setup', `${hoster}@${whole}`])
    const again = await zarpeOk(['setup', `${hoster}@${whole}`])
    expect(again.events.find(({ type }) => type === 'result')).toMatchObject({
      outcome: 'unchanged',
    })
    const root = await zarpe(['status'], { folder: project.folder, server: `root@${whole}` })
    expect(problemIn(root).code).toBe('ssh/login-refused')
    expect(await on(whole, `id -u deploy && sudo -u ${hoster} sudo -n id -u`)).toMatch(/^\d+\n0$/)
  })

  it('is set up though the agent dies after each of its steps', async () => {
    const died = await dyingAlong('setup', /^server\.sshd:/)
    // What is not kept yet would undo itself: it is done again, and kept after another login.
    for (const when of ['before', 'after'] as const)
      died.push(String(await dies('setup', `kill ${when} server.confirm`)))
    await zarpeOk(['setup', target])
    for (const kind of ['packages', 'file', 'unit', 'user', 'swarm', 'firewall', 'sshd', 'confirm'])
      expect(died.join('\n')).toContain(`server.${kind}:`)
    expect(await setUpState(killed)).toBe(await setUpState(whole))
    tell('setup', died)
  })

  it('takes a release by its deploy user, as any other', async () => {
    await zarpeOk(['deploy'], { folder: project.folder, server: killed })
    expect(await status()).toBe(200)
  })

  it('is rid of Zarpe though the agent dies after each step of that', async () => {
    await zarpeOk(['remove'], { folder: project.folder, server: killed })
    // With /run/zarpe goes the door that the test comes in by.
    const died = await dyingAlong('uninstall', /\/etc\/zarpe$/)
    expect(await dies('uninstall', 'kill before server.remove-path:/etc/zarpe')).not.toBeNull()
    await zarpeOk(['uninstall', target], { doors: true })
    for (const kind of ['leave-swarm', 'remove-unit', 'remove-user', 'unhold'])
      expect(died.join('\n')).toContain(`server.${kind}:`)
    tell('uninstall', died)
    expect(await ofZarpe(killed)).toBe('')
    expect(await on(killed, `sudo -u ${hoster} sudo -n id -u`)).toBe('0')
    expect((await inside(killed, ['id', 'deploy'])).code).not.toBe(0)
  })
})
