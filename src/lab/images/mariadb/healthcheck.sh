#!/bin/sh
# Whether the server answers over TCP, as the account that the first start has made for this.
exec mariadb --defaults-extra-file=/var/lib/mysql/.my-healthcheck.cnf --protocol=tcp --host=127.0.0.1 \
  --execute 'SELECT 1' > /dev/null
