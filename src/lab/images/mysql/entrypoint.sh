#!/bin/bash
set -eo pipefail
shopt -s nullglob

socket=/var/run/mysqld/mysqld.sock

# NAME, or the content of the file that NAME_FILE names, or the default.
value_of() {
  local name=$1 file="${1}_FILE"
  if [ -n "${!file:-}" ]; then
    cat "${!file}"
  else
    printf %s "${!name:-$2}"
  fi
}

# A text in SQL, and a name.
text() { printf "'%s'" "$(printf %s "$1" | sed "s/\\\\/\\\\\\\\/g; s/'/''/g")"; }
name() { printf '`%s`' "$(printf %s "$1" | sed 's/`/``/g')"; }

# What the first start leaves. root@localhost gets its password last: until then nobody needs one.
first_statements() {
  local host user
  host=$(value_of MYSQL_ROOT_HOST %)
  user=$(value_of MYSQL_USER '')
  echo 'SET @@SESSION.SQL_LOG_BIN = 0;'
  if [ "$host" != localhost ]; then
    echo "CREATE USER 'root'@$(text "$host") IDENTIFIED BY $(text "$root");"
    echo "GRANT ALL ON *.* TO 'root'@$(text "$host") WITH GRANT OPTION;"
  fi
  echo 'DROP DATABASE IF EXISTS test;'
  if [ -n "$database" ]; then echo "CREATE DATABASE IF NOT EXISTS $(name "$database");"; fi
  if [ -n "$user" ]; then
    echo "CREATE USER $(text "$user")@'%' IDENTIFIED BY $(text "$(value_of MYSQL_PASSWORD '')");"
    if [ -n "$database" ]; then
      echo "GRANT ALL ON $(name "${database//_/\\_}").* TO $(text "$user")@'%';"
    fi
  fi
  echo "ALTER USER 'root'@'localhost' IDENTIFIED BY $(text "$root");"
}

initialise() {
  local root database client file
  root=$(value_of MYSQL_ROOT_PASSWORD '')
  database=$(value_of MYSQL_DATABASE '')
  if [ -z "$root" ] && [ -z "${MYSQL_ALLOW_EMPTY_PASSWORD:-}" ]; then
    echo 'Database is uninitialized and password option is not specified' >&2
    exit 1
  fi
  "$@" --initialize-insecure
  "$@" --daemonize --skip-networking --socket="$socket"
  client=(mysql --protocol=socket --socket="$socket" --user=root)
  first_statements | "${client[@]}"
  export MYSQL_PWD=$root
  if [ -n "$database" ]; then client+=(--database="$database"); fi
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh) if [ -x "$file" ]; then "$file"; else . "$file"; fi ;;
      *.sql) "${client[@]}" < "$file" ;;
      *.sql.gz) gunzip -c "$file" | "${client[@]}" ;;
    esac
  done
  mysqladmin --protocol=socket --socket="$socket" --user=root shutdown
  unset MYSQL_PWD
}

if [ "${1#-}" != "$1" ]; then set -- mysqld "$@"; fi
if [ "$1" = mysqld ]; then
  if [ "$(id -u)" = 0 ]; then
    find /var/lib/mysql /var/run/mysqld \! -user mysql -exec chown --no-dereference mysql '{}' +
    exec setpriv --reuid mysql --regid mysql --clear-groups "$0" "$@"
  fi
  [ -d /var/lib/mysql/mysql ] || initialise "$@"
fi
exec "$@"
