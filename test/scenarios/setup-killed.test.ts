import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askHttps } from '../../src/io/caddy/ask.ts'
import { rootCertificate } from '../../src/lab/acme.ts'
import { down, inside, up, type Vps } from '../../src/lab/vps.ts'
import { problemIn, said, zarpe, zarpeOk } from '../lab/cli.ts'
import { forgetOrders, order, reached } from '../lab/fault.ts'
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

/**
 * Gives the command again and again, and has the agent die after the first step at which it has not died yet: in
 * which order, until a command ends by itself.
 */
const dyingAlong = async (verb: 'setup' | 'uninstall'): Promise<string[]> => {
  const died: string[] = []
  for (let index = 0; ;) {
    await order(killed, `kill after ${index}`)
    const result = await zarpe([verb, `${hoster}@${killed}`], { doors: true })
    const step = await reached(killed)
    await forgetOrders(killed)
    if (step === null) {
      expect(result.code, `after ${died.at(-1)}: ${said(result)}`).toBe(0)
      figure(`${verb}: the agent dies`, `after ${died.length} steps, and goes on each time`)
      return died
    }
    expect(problemIn(result).code, `died after ${step}: ${said(result)}`).toBe('ssh/lost')
    // Steps that are planned each time again, whether they find something or not, are passed by.
    if (died.includes(step)) index += 1
    else died.push(step)
    expect(index).toBeLessThan(30)
  }
}

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
    const died = await dyingAlong('setup')
    for (const kind of ['packages', 'file', 'deploy-user', 'sshd', 'firewall', 'confirm'])
      expect(died.join('\n')).toContain(`server.${kind}`)
    expect(await setUpState(killed)).toBe(await setUpState(whole))
  })

  it('takes a release by its deploy user, as any other', async () => {
    await zarpeOk(['deploy'], { folder: project.folder, server: killed })
    expect(await status()).toBe(200)
  })

  it('is rid of Zarpe though the agent dies after each step of that', async () => {
    await zarpeOk(['remove'], { folder: project.folder, server: killed })
    const died = await dyingAlong('uninstall')
    for (const kind of ['leave-swarm', 'remove-unit', 'remove-user', 'unhold'])
      expect(died.join('\n')).toContain(`server.${kind}`)
    expect(await ofZarpe(killed)).toBe('')
    expect(await on(killed, `sudo -u ${hoster} sudo -n id -u`)).toBe('0')
    expect((await inside(killed, ['id', 'deploy'])).code).not.toBe(0)
  })
})
