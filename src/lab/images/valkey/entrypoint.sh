#!/bin/sh
set -e
if [ "${1#-}" != "$1" ] || [ "${1%.conf}" != "$1" ]; then
  set -- valkey-server "$@"
fi
if [ "$1" = valkey-server ] && [ "$(id -u)" = 0 ]; then
  find . \! -user valkey -exec chown valkey '{}' +
  exec setpriv --reuid valkey --regid valkey --clear-groups "$0" "$@"
fi
if [ "$1" = valkey-server ]; then
  # The official image is built so that it does not refuse other hosts as long as it has no password.
  set -- "$@" --protected-mode no
fi
if [ "$(umask)" = 0022 ]; then umask 0077; fi
exec "$@" $VALKEY_EXTRA_FLAGS
