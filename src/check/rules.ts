import type { FileRuleId } from './ids.ts'
import type { Rule } from './rule.ts'
import { backupWithoutAlert } from './rules/backup-without-alert.ts'
import { brokerWithoutHostname } from './rules/broker-without-hostname.ts'
import { cacheHostileOrder } from './rules/cache-hostile-order.ts'
import { compilerInImage } from './rules/compiler-in-image.ts'
import { databasePasswordDiffers } from './rules/database-password-differs.ts'
import { databaseWithoutVolume } from './rules/database-without-volume.ts'
import { envFileTracked } from './rules/env-file-tracked.ts'
import { healthcheckToolMissing } from './rules/healthcheck-tool-missing.ts'
import { hostListMissesDomain } from './rules/host-list-misses-domain.ts'
import { inheritedHealthcheck } from './rules/inherited-healthcheck.ts'
import { migrationWithoutBackup } from './rules/migration-without-backup.ts'
import { missingDependsOn } from './rules/missing-depends-on.ts'
import { mutableTag } from './rules/mutable-tag.ts'
import { noDockerignore } from './rules/no-dockerignore.ts'
import { noHealthcheck } from './rules/no-healthcheck.ts'
import { noMemoryLimit } from './rules/no-memory-limit.ts'
import { publishedPort } from './rules/published-port.ts'
import { rootUser } from './rules/root-user.ts'
import { secretCopied } from './rules/secret-copied.ts'
import { secretFileUnreadable } from './rules/secret-file-unreadable.ts'
import { secretFallback } from './rules/secret-fallback.ts'
import { secretInCode } from './rules/secret-in-code.ts'
import { secretInCommand } from './rules/secret-in-command.ts'
import { secretInCompose } from './rules/secret-in-compose.ts'
import { secretInDockerfile } from './rules/secret-in-dockerfile.ts'
import { secretPlaceholder } from './rules/secret-placeholder.ts'
import { shellFormCommand } from './rules/shell-form-command.ts'
import { unlimitedLogs } from './rules/unlimited-logs.ts'
import { uselessHealthcheck } from './rules/useless-healthcheck.ts'
import { volumeWithoutBackup } from './rules/volume-without-backup.ts'

/** The one table of rules, in the order of `ids.ts`: it drives the command, the docs, SARIF and the tests. */
const table: Record<FileRuleId, Rule> = {
  'secret-fallback': secretFallback,
  'secret-in-compose': secretInCompose,
  'secret-in-dockerfile': secretInDockerfile,
  'secret-in-command': secretInCommand,
  'secret-in-code': secretInCode,
  'secret-placeholder': secretPlaceholder,
  'secret-copied': secretCopied,
  'secret-file-unreadable': secretFileUnreadable,
  'env-file-tracked': envFileTracked,
  'database-without-volume': databaseWithoutVolume,
  'broker-without-hostname': brokerWithoutHostname,
  'database-password-differs': databasePasswordDiffers,
  'healthcheck-tool-missing': healthcheckToolMissing,
  'mutable-tag': mutableTag,
  'no-healthcheck': noHealthcheck,
  'useless-healthcheck': uselessHealthcheck,
  'inherited-healthcheck': inheritedHealthcheck,
  'no-memory-limit': noMemoryLimit,
  'root-user': rootUser,
  'shell-form-command': shellFormCommand,
  'missing-depends-on': missingDependsOn,
  'host-list-misses-domain': hostListMissesDomain,
  'compiler-in-image': compilerInImage,
  'cache-hostile-order': cacheHostileOrder,
  'no-dockerignore': noDockerignore,
  'published-port': publishedPort,
  'unlimited-logs': unlimitedLogs,
  'volume-without-backup': volumeWithoutBackup,
  'migration-without-backup': migrationWithoutBackup,
  'backup-without-alert': backupWithoutAlert,
}

export const rules: Rule[] = Object.values(table)
