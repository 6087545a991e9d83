import type { Rule } from '../rule.ts'

export const envFileReadable: Rule = {
  id: 'env-file-readable',
  severity: 'warning',
  title: 'Others on this machine can read the values of an environment.',
  why: 'Every account and every program of this machine can read the secrets in it.',
  fix: ['chmod 600 .env.production'],
  bad: {
    files: {
      '.env.production': `PORT=3000
`,
    },
    modes: { '.env.production': 0o644 },
    at: ['.env.production:1:1'],
  },
  good: {
    files: {
      '.env.production': `PORT=3000
`,
    },
    modes: { '.env.production': 0o600 },
  },
  find: ({ values }) =>
    values && values.mode & 0o077
      ? [
          {
            place: { file: values.file, line: 1, column: 1 },
            detail: `Its mode is 0${values.mode.toString(8)}; 0600 lets only you read it.`,
            fix: [`chmod 600 ${values.file}`],
          },
        ]
      : [],
}
