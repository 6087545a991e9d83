#!/bin/bash
set -eo pipefail

# What a server of an older image, or a mount as those wanted it, has left where this one would pass it over.
old_data() {
  local folder
  for folder in /var/lib/postgresql /var/lib/postgresql/data /var/lib/postgresql/*/docker; do
    if [ -s "$folder/PG_VERSION" ]; then echo "$folder"; return; fi
  done
  if mountpoint -q /var/lib/postgresql/data; then echo '/var/lib/postgresql/data (unused mount/volume)'; fi
}

if [ "${1:-postgres}" = postgres ] || [ "${1#-}" != "$1" ]; then
  if [ ! -s "$PGDATA/PG_VERSION" ] && [ "$PGDATA" = "/var/lib/postgresql/$PG_MAJOR/docker" ]; then
    found=$(old_data)
    if [ -n "$found" ]; then
      echo 'Error: in 18+, these Docker images are configured to store database data in a' >&2
      echo '       format which is compatible with "pg_ctlcluster".' >&2
      echo "       Counter to that, there appears to be PostgreSQL data in: $found" >&2
      exit 1
    fi
  fi
fi
exec initialise.sh "$@"
