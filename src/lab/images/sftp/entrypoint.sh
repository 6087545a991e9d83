#!/bin/sh
# New host keys for each container. The folder that the user may write to can be a mount of its own.
set -e
ssh-keygen -A >/dev/null
mkdir -p /store/backups /etc/ssh/keys
chown u000000 /store/backups
exec /usr/sbin/sshd -D -e
