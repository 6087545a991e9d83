import { ensureServed } from '../../../src/lab/mirror.ts'
import type { Project } from '../../lab/project.ts'

// Which server of a kind is tried: the one of every day, or another one that the lab makes when it is asked for.

const [mysql, valkey] = [process.env['ZARPE_TEST_MYSQL'], process.env['ZARPE_TEST_VALKEY']]

/** MariaDB, or MySQL of a version. `more`: what it has beside the other, and what tells of that. */
export const sqlServer =
  mysql === undefined
    ? {
        name: 'MariaDB',
        image: 'mariadb:11',
        client: 'mariadb',
        password: 'MARIADB_ROOT_PASSWORD',
        fixture: 'hostile-mariadb.sql',
        state: `SELECT host, user, role, admin_option FROM mysql.roles_mapping ORDER BY 1, 2, 3;
          SELECT user, host, default_role FROM mysql.user WHERE LENGTH(default_role) > 0 ORDER BY 1, 2; SHOW GRANTS FOR clerk; SELECT id, secret FROM shop.hidden;
          SELECT id, cents, ROW_START, ROW_END FROM shop.prices FOR SYSTEM_TIME ALL ORDER BY 1, 3; SELECT NEXTVAL(shop.numbers) > 1`,
        tables: ['hidden'],
      }
    : {
        name: 'MySQL',
        image: `mysql:${mysql}`,
        client: 'mysql',
        password: 'MYSQL_ROOT_PASSWORD',
        fixture: 'hostile-mysql.sql',
        state: `SELECT user, host, plugin, HEX(authentication_string), account_locked, user_attributes, ssl_type FROM mysql.user ORDER BY 1, 2;
          SELECT * FROM mysql.role_edges ORDER BY 1, 2, 3, 4; SELECT * FROM mysql.default_roles ORDER BY 1, 2, 3, 4; SHOW GRANTS FOR clerk;
          SELECT id, secret FROM shop.hidden; SELECT id, doc, tag, made, ST_AsText(place), HEX(near), amount, rate, sorted FROM shop.rich ORDER BY id; CHECKSUM TABLE shop.hidden, shop.keyless, shop.latin; SELECT @@max_connections;
          SELECT constraint_name, check_clause FROM information_schema.check_constraints ORDER BY 1; SELECT event_name, status FROM information_schema.events ORDER BY 1`,
        tables: ['hidden', 'rich', 'keyless', 'latin'],
      }

/** Redis, or Valkey of a version. */
export const keyServer =
  valkey === undefined
    ? { name: 'Redis', image: 'redis:8', client: 'redis-cli', server: 'redis-server' }
    : {
        name: 'Valkey',
        image: `valkey/valkey:${valkey}`,
        client: 'valkey-cli',
        server: 'valkey-server',
      }

/** Lets the project have them. A MySQL names its transactions, as one does that has replicas. */
export const withServers = async (project: Project): Promise<void> => {
  await ensureServed([sqlServer.image, keyServer.image], () => undefined)
  const compose = project
    .read('compose.yml')
    .replace('redis:8', keyServer.image)
    .replace('redis-server', keyServer.server)
    .replace('redis-cli', keyServer.client)
  const ofMysql = compose
    .replace(
      'mariadb:11',
      `${sqlServer.image}\n    command: --gtid-mode=ON --enforce-gtid-consistency=ON`,
    )
    .replaceAll('MARIADB_', 'MYSQL_')
    .replace(/'healthcheck\.sh'[^\]]*/, "'mysqladmin', 'ping', '--host=127.0.0.1', '--silent'")
  project.write('compose.yml', mysql === undefined ? compose : ofMysql)
}
