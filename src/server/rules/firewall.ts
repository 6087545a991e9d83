import { renderFirewall } from './firewall.render.ts'
import type { Facts, Listener, SetupSettings } from '../model.ts'
import { paths } from '../paths.ts'
import { ascending, openedPorts, portsText } from './opened.ts'
import { type Rule, serverStep, wantedFile } from './rule.ts'

// nftables.service empties the whole rule set when it is reloaded, restarted or stopped: ours comes back with it. PartOf
// hands on a restart and a stop, but no start: so that one wants ours, which does nothing where ours runs already.
const unit = `# Written by zarpe setup.
[Unit]
Description=Firewall in front of everything, Docker included
Documentation=man:nft(8)
DefaultDependencies=no
Wants=network-pre.target
After=local-fs.target nftables.service
Before=network-pre.target docker.service shutdown.target
Conflicts=shutdown.target
PartOf=nftables.service
ReloadPropagatedFrom=nftables.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f ${paths.firewall}
ExecReload=/usr/sbin/nft -f ${paths.firewall}
ExecStop=-/usr/sbin/nft delete table inet zarpe

[Install]
WantedBy=multi-user.target nftables.service
`

// Its start empties the rule set too: of a server on which it never ran, and ours does.
const dropIn = `# Written by zarpe setup.
[Service]
ExecStartPost=-/usr/sbin/nft -f ${paths.firewall}
`

const wantedPorts = (facts: Facts, settings: SetupSettings) => {
  const opened = openedPorts(facts, settings)
  return {
    tcpPorts: ascending([...facts.sshPorts, 80, 443, ...opened.tcp]),
    udpPorts: ascending([443, ...opened.udp]),
    opened,
  }
}

/** Whether a listener could be reached from outside today: all addresses, or one that is outside. */
const isReachable = (listener: Listener, facts: Facts) =>
  ['0.0.0.0', '::', '*'].includes(listener.address)
    ? listener.port !== vxlanPort
    : facts.addresses.some(
        (each) =>
          each.address === listener.address && facts.outsideInterfaces.includes(each.device),
      )

// The kernel's own, for the networks of the swarm; other nodes are let in by their address.
const vxlanPort = 4789
const dhcpPorts = new Set([68, 546])

/** What answers the outside today and would not with our firewall. */
export const closedListeners = (facts: Facts, settings: SetupSettings): Listener[] => {
  const open = wantedPorts(facts, settings)
  return facts.listeners.filter(
    (each) =>
      isReachable(each, facts) &&
      !(each.protocol === 'udp' && dhcpPorts.has(each.port)) &&
      !(each.protocol === 'tcp' ? open.tcpPorts : open.udpPorts).includes(each.port),
  )
}

/** From outside: SSH on its real port, 80, 443, and nothing else, whatever a container publishes. */
export const firewall: Rule = {
  id: 'firewall',
  why: 'only SSH, 80 and 443 from outside; undoes itself unless a new login works',
  wanted: (facts, settings) => {
    // Without a way out or an SSH port the plan is refused as a whole; see problems.ts.
    if (facts.outsideInterfaces.length === 0 || facts.sshPorts.length === 0) return []
    const { content, marker } = renderFirewall({
      ...wantedPorts(facts, settings),
      outsideInterfaces: facts.outsideInterfaces,
      nodeAddresses: settings.nodeAddresses,
    })
    const service = { path: paths.firewallUnit, content: unit, mode: '0644' }
    const state = facts.units['zarpe-firewall.service']
    const isLoaded =
      facts.firewallMarker === marker && facts.files[paths.firewall]?.content === content
    const isKept = state?.active === 'active' && state.enabled === 'enabled'
    const beside = { path: paths.nftablesDropIn, content: dropIn, mode: '0644' }
    const files = [
      ...wantedFile(facts, service, 'loads the firewall before Docker starts'),
      ...wantedFile(facts, beside, 'a start of nftables empties all rules: ours come back'),
    ]
    if (files.length === 0 && isLoaded && isKept && facts.guards.firewall !== 'armed') return []
    const params = { path: paths.firewall, content, marker }
    return [...files, serverStep('server.firewall', paths.firewall, firewall.why, params)]
  },
  notes: (facts, settings) => {
    const names = [
      ...new Set(
        closedListeners(facts, settings).map((each) =>
          `${each.port}/${each.protocol} ${each.program}`.trim(),
        ),
      ),
    ]
    const isNew = facts.firewallMarker === null
    const opened = portsText(openedPorts(facts, settings))
    return [
      ...(names.length > 0 && isNew ? [`closed from outside: ${names.join(', ')}`] : []),
      ...(opened === '' ? [] : [`open from outside besides SSH, 80 and 443: ${opened}`]),
      ...(facts.guards.firewall === 'reverted'
        ? ['the last firewall undid itself, because no new login confirmed it']
        : []),
    ]
  },
}
