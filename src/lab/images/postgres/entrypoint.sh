#!/bin/bash
set -eo pipefail

# NAME, or the content of the file that NAME_FILE names, or the default.
value_of() {
  local name=$1 file="${1}_FILE"
  if [ -n "${!file:-}" ]; then
    cat "${!file}"
  else
    printf %s "${!name:-$2}"
  fi
}

# A server that only this script can reach runs the first-run files.
first_run() {
  pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
  local client=(psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$user")
  if [ "$database" != postgres ]; then
    "${client[@]}" --dbname postgres --set "name=$database" <<< 'CREATE DATABASE :"name";'
  fi
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh) if [ -x "$file" ]; then "$file"; else . "$file"; fi ;;
      *.sql) "${client[@]}" --dbname "$database" -f "$file" ;;
      *.sql.gz) gunzip -c "$file" | "${client[@]}" --dbname "$database" ;;
    esac
  done
  pg_ctl -D "$PGDATA" -m fast -w stop
}

initialise() {
  user=$(value_of POSTGRES_USER postgres)
  database=$(value_of POSTGRES_DB "$user")
  local password method
  password=$(value_of POSTGRES_PASSWORD '')
  method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  if [ -z "$password" ] && [ "$method" != trust ]; then
    echo 'Error: Database is uninitialized and superuser password is not specified.' >&2
    exit 1
  fi
  export POSTGRES_USER=$user POSTGRES_DB=$database
  eval "initdb --username=\"\$user\" --pwfile=<(printf '%s\n' \"\$password\") $POSTGRES_INITDB_ARGS"
  printf '\nhost all all all %s\n' "$method" >> "$PGDATA/pg_hba.conf"
  PGPASSWORD=$password first_run
}

if [ "${1#-}" != "$1" ]; then set -- postgres "$@"; fi
if [ "$1" = postgres ]; then
  if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA"
    chown -R postgres:postgres "$PGDATA" /run/postgresql
    chmod 700 "$PGDATA"
    exec setpriv --reuid postgres --regid postgres --init-groups "$0" "$@"
  fi
  [ -s "$PGDATA/PG_VERSION" ] || initialise
fi
exec "$@"
