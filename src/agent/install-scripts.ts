// What the set-up of a bare server runs there, for any POSIX shell, with sha256sum and sync of coreutils.

/** Where an agent is installed: its home, and the folder of its launcher. */
export type Place = { home: string; bin: string }

/**
 * What a server must be before an agent can run on it. The runtime counts by what is in it: of one that was
 * cut off while it was written there may be the name alone.
 */
export const probeScript = ({ home }: Place) => `
uname -s; uname -m
id -u
if [ "$(id -u)" = 0 ]; then echo root; elif sudo -n true 2>/dev/null; then echo sudo; else echo no-sudo; fi
if [ -d /run/systemd/system ]; then echo systemd; else echo no-systemd; fi
{ { [ -x ${home}/node ] && sha256sum ${home}/node 2>/dev/null; } || echo none; } | cut -c1-64
df -Pk /usr/local | awk 'NR==2 {print $4}'
`

/**
 * Receives one file on stdin, after a line "kind hash size": it is kept only when its SHA-256 is the
 * one announced, since a cut upload looks like an end of file here. The program's own name is its
 * hash, so that two versions stay side by side. What a link leads to is on disk before the link is.
 */
export const receiveScript = ({ home, bin }: Place, launcher: string[]) => `
set -eu
umask 022
read -r kind hash size
case "$kind" in runtime|program) ;; *) exit 64 ;; esac
case "$hash" in *[!0-9a-f]*|"") exit 64 ;; esac
home=${home}
bin=${bin}
mkdir -p "$home/$kind" "$bin"
incoming="$home/$kind/.incoming.$$"
trap 'rm -f "$incoming"' EXIT
gzip -dc > "$incoming"
if ! echo "$hash  $incoming" | sha256sum -c --status; then echo "what arrived is damaged" >&2; exit 65; fi
if [ "$kind" = runtime ]; then
  chmod 755 "$incoming"; sync "$incoming"; mv "$incoming" "$home/runtime/$hash"; sync "$home/runtime"
  ln -sfn "runtime/$hash" "$home/node.new"; mv -T "$home/node.new" "$home/node"
  for old in "$home"/runtime/*; do [ "$old" = "$home/runtime/$hash" ] || rm -f "$old"; done
else
  chmod 644 "$incoming"; sync "$incoming"; mv "$incoming" "$home/program/$hash.mjs"; sync "$home/program"
  ln -sfn "program/$hash.mjs" "$home/zarpe.mjs.new"; mv -T "$home/zarpe.mjs.new" "$home/zarpe.mjs"
  rm -rf "$home/compiled"
  printf '%s\\n' ${launcher.map((line) => `'${line}'`).join(' ')} > "$bin/.zarpe-agent"
  chmod 755 "$bin/.zarpe-agent"; sync "$bin/.zarpe-agent"; mv "$bin/.zarpe-agent" "$bin/zarpe-agent"; sync "$bin"
fi
sync "$home"
`
