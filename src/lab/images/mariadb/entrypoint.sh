#!/bin/bash
set -eo pipefail

# The value of MARIADB_NAME or MYSQL_NAME, or the content of the file that one of them with _FILE names.
value_of() {
  local name
  for name in "MARIADB_$1" "MYSQL_$1"; do
    local file="${name}_FILE"
    if [ -n "${!file:-}" ]; then cat "${!file}"; return; fi
    if [ -n "${!name:-}" ]; then printf %s "${!name}"; return; fi
  done
}

# A text in SQL, and a name.
text() { printf "'%s'" "$(printf %s "$1" | sed "s/\\\\/\\\\\\\\/g; s/'/''/g")"; }
name() { printf '`%s`' "$(printf %s "$1" | sed 's/`/``/g')"; }

# What the first start leaves, given to a server that only this script can reach.
first_statements() {
  local root database user secret
  root=$(value_of ROOT_PASSWORD)
  database=$(value_of DATABASE)
  user=$(value_of USER)
  secret=$(head -c 18 /dev/urandom | base64)
  printf '[client]\nuser=healthcheck\npassword=%s\n' "$secret" > /var/lib/mysql/.my-healthcheck.cnf
  chmod 600 /var/lib/mysql/.my-healthcheck.cnf
  echo 'DROP DATABASE IF EXISTS test;'
  echo "CREATE USER 'healthcheck'@'127.0.0.1' IDENTIFIED BY $(text "$secret");"
  if [ -n "$database" ]; then echo "CREATE DATABASE IF NOT EXISTS $(name "$database");"; fi
  if [ -n "$user" ]; then
    echo "CREATE USER $(text "$user")@'%' IDENTIFIED BY $(text "$(value_of PASSWORD)");"
    if [ -n "$database" ]; then echo "GRANT ALL ON $(name "$database").* TO $(text "$user")@'%';"; fi
  fi
  echo "CREATE USER 'root'@$(text "${MARIADB_ROOT_HOST:-%}") IDENTIFIED BY $(text "$root");"
  echo "GRANT ALL ON *.* TO 'root'@$(text "${MARIADB_ROOT_HOST:-%}") WITH GRANT OPTION;"
  echo "ALTER USER 'root'@'localhost' IDENTIFIED BY $(text "$root");"
}

initialise() {
  local allowed=${MARIADB_ALLOW_EMPTY_ROOT_PASSWORD:-${MYSQL_ALLOW_EMPTY_PASSWORD:-}}
  if [ -z "$(value_of ROOT_PASSWORD)" ] && [ -z "$allowed" ]; then
    echo 'Database is uninitialized and password option is not specified' >&2
    exit 1
  fi
  mariadb-install-db --datadir=/var/lib/mysql --skip-test-db --auth-root-authentication-method=normal "${@:2}" > /dev/null
  "$@" --skip-networking --socket=/run/mysqld/first.sock &
  local server=$!
  until mariadb-admin --socket=/run/mysqld/first.sock --user=root ping > /dev/null 2>&1; do sleep 0.1; done
  first_statements | mariadb --socket=/run/mysqld/first.sock --user=root
  kill "$server"
  wait "$server" || true
}

if [ "${1#-}" != "$1" ]; then set -- mariadbd "$@"; fi
if [ "$1" = mariadbd ]; then
  if [ "$(id -u)" = 0 ]; then
    chown mysql:mysql /run/mysqld
    find /var/lib/mysql \! -user mysql -exec chown mysql:mysql '{}' +
    exec setpriv --reuid mysql --regid mysql --clear-groups "$0" "$@"
  fi
  [ -d /var/lib/mysql/mysql ] || initialise "$@"
fi
exec "$@"
