#!/bin/bash
set -euo pipefail

if [ "$(id -u)" = 0 ] && [ "${1#rabbitmq}" != "$1" ]; then
  if [ "$1" = rabbitmq-server ]; then
    find /var/lib/rabbitmq ! -user rabbitmq -exec chown rabbitmq '{}' +
  fi
  exec setpriv --reuid rabbitmq --regid rabbitmq --clear-groups "$0" "$@"
fi
# The server takes the place of its start script, so that signals reach it.
export RUNNING_UNDER_SYSTEMD=true
exec "$@"
