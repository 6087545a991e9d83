import { paths } from '../paths.ts'
import type { GuardName } from '../steps.ts'

/** A guarded change that is not confirmed is undone after this, also if the server reboots. */
export const revertAfterSeconds = 80

/** Where a guard keeps the earlier file, its script and whether it is armed. */
export const guardFolder = (name: GuardName) => `${paths.guards}/${name}`

export const guardTimer = (name: GuardName) => `zarpe-revert-${name}.timer`
export const guardService = (name: GuardName) => `zarpe-revert-${name}.service`
export const unitPath = (unit: string) => `/etc/systemd/system/${unit}`

/** The file that a guard puts back. */
export const guardedFile: Record<GuardName, string> = { sshd: paths.sshd, firewall: paths.firewall }

// Restarted, not reloaded: that helps an sshd which has ended, too. Open sessions go on.
const undo: Record<GuardName, string> = {
  sshd: `if [ -e previous ]; then cp -p previous ${paths.sshd}; else rm -f ${paths.sshd}; fi
systemctl reset-failed ssh.service
systemctl restart ssh.service`,
  firewall: `if [ -e previous ]; then
  cp -p previous ${paths.firewall}
  nft -f ${paths.firewall}
else
  systemctl disable --now zarpe-firewall.service
  nft list table inet zarpe > /dev/null 2>&1 && nft delete table inet zarpe
  rm -f ${paths.firewall}
fi`,
}

/** The files of a guard. The script needs nothing but the system: not even this program. */
export const renderGuard = (name: GuardName) => ({
  script: `#!/bin/sh
# Written by zarpe setup: undoes the last change unless it was confirmed in time.
cd ${guardFolder(name)} || exit 1
# Claimed first: a confirmation that comes now comes too late, and says so.
[ -e armed ] && mv armed undoing
[ -e undoing ] || exit 0
${undo[name]}
mv undoing reverted
systemctl disable ${guardTimer(name)}
exit 0
`,
  service: `# Written by zarpe setup.
[Unit]
Description=Undo of an unconfirmed change (${name})
ConditionPathExists=|${guardFolder(name)}/armed
ConditionPathExists=|${guardFolder(name)}/undoing

[Service]
Type=oneshot
ExecStart=/bin/sh ${guardFolder(name)}/revert.sh
`,
  timer: `# Written by zarpe setup.
[Unit]
Description=Undo an unconfirmed change (${name})

[Timer]
OnActiveSec=${revertAfterSeconds}s
AccuracySec=1s

[Install]
WantedBy=timers.target
`,
})
