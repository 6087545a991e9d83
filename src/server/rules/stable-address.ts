import type { Facts, SetupSettings } from '../model.ts'
import { paths } from '../paths.ts'
import { type Rule, wantedFile, wantedUnit } from './rule.ts'
import { firstFree } from '../docker/subnet.ts'

const candidates = Array.from({ length: 10 }, (_, index) => `10.${210 + index}.0.0/24`)

/** The subnets that something else on this machine uses, our own interface and Docker's aside. */
export const foreignSubnets = (facts: Facts): string[] =>
  facts.routes.filter((each) => each.device !== paths.stableInterface).map((each) => each.subnet)

/**
 * The address that the swarm advertises: 10.210.0.N, or the next subnet that is free here. One that
 * the interface has already is kept, because a swarm does not survive a change of it.
 */
export const stableAddress = (facts: Facts, settings: SetupSettings): string | null => {
  const there = facts.addresses.find(
    (each) => each.device === paths.stableInterface && !each.address.includes(':'),
  )
  if (there) return there.address
  const subnet = firstFree(candidates, foreignSubnets(facts))
  return subnet ? subnet.replace('.0/24', `.${settings.nodeNumber}`) : null
}

// A bridge without ports is an interface that every kernel has and that nothing takes down.
const unit = (address: string) => `# Written by zarpe setup.
[Unit]
Description=Interface with the address that never changes
Documentation=man:ip-address(8)
DefaultDependencies=no
After=local-fs.target systemd-sysctl.service
Before=network-pre.target docker.service
Wants=network-pre.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=-/sbin/ip link add ${paths.stableInterface} type bridge
ExecStart=/sbin/ip address replace ${address}/24 dev ${paths.stableInterface}
ExecStart=/sbin/ip link set ${paths.stableInterface} up

[Install]
WantedBy=multi-user.target
`

/** An address of the server's own: a swarm on a public address dies with a change of it. */
export const stableInterface: Rule = {
  id: 'stable-interface',
  why: 'an address of its own that survives every move to another network',
  wanted: (facts, settings) => {
    const address = stableAddress(facts, settings)
    // Without a free subnet the plan is refused as a whole; see problems.ts.
    if (!address) return []
    const content = unit(address)
    const file = { path: paths.stableUnit, content, mode: '0644' }
    const step = wantedFile(facts, file, stableInterface.why)
    return [
      ...step,
      ...wantedUnit(facts, 'zarpe-net.service', stableInterface.why, {
        path: paths.stableUnit,
        isPlanned: step.length > 0,
      }),
    ]
  },
}
