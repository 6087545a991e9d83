import type { TextFile } from '../model.ts'
import type { Finding, Rule } from '../rule.ts'
import { fakeRandom, fakeToken } from '../secrets/fake.ts'
import {
  isGenerated,
  type KnownValue,
  knownValueIn,
  maySecret,
  secretInLine,
} from '../secrets/lines.ts'

export const secretInCode: Rule = {
  id: 'secret-in-code',
  severity: 'error',
  title: 'A secret is in a file that git keeps.',
  why: 'Whoever can read the repository, now or in its history, can use it.',
  fix: [
    'Renew it where it was issued: what git has seen counts as known.',
    'Read it from the environment, and put the new value into .env.<environment>.',
    'If it is none: # zarpe: off secret-in-code because <reason>    # in the line or above it',
  ],
  staged: true,
  bad: {
    files: {
      'pay.py': `import stripe

TOKEN = "${fakeToken}"
signing_key = '${fakeRandom}'
`,
      'notes.md': `login: postgres://shop:Kw8rTz1pQ0@db.shop.example/shop\n`,
      'compose.yml': 'services:\n  web:\n    image: shop:1.4\n',
      '.env.production': `SMTP_PASSWORD=tulip-harbour-nine\n`,
      'mail.txt': `The relay takes "tulip-harbour-nine".\n`,
    },
    at: ['mail.txt:1:18', 'notes.md:1:8', 'pay.py:3:10', 'pay.py:4:1'],
  },
  good: {
    files: {
      'pay.py': `import os

TOKEN = os.environ["TOKEN"]
url = "postgres://user:password@localhost/shop"
secret_name = "shop/production/database-2024-main"
password_label = "Enter your password, 8 to 20 letters"
`,
      'package-lock.json': `{ "integrity": "sha512-${fakeRandom}${fakeRandom}" }\n`,
    },
  },
  find: ({ texts, composeFiles, images, known }) => {
    // Those have rules of their own, which know more about them; but a value is a value everywhere,
    // and of a Compose file that is no YAML those rules see nothing.
    const readable = composeFiles.filter(({ located }) => located.mistakes.length === 0)
    const others = new Set([...readable, ...images].map(({ file }) => file))
    return texts
      .toSorted((left, right) => (left.file < right.file ? -1 : 1))
      .flatMap((each) => inFile(each, known, others.has(each.file)))
  },
}

const inFile = ({ file, text }: TextFile, known: KnownValue[], isElsewhere: boolean): Finding[] => {
  const own = known.filter(({ value }) => text.includes(value))
  if (own.length === 0 && (isElsewhere || !maySecret(text))) return []
  const generated = isGenerated(file)
  return text.split(/\r?\n/).flatMap((code, index) => {
    const found = knownValueIn(code, own) ?? (isElsewhere ? null : secretInLine(code, generated))
    if (!found) return []
    const place = { file, line: index + 1, column: found.index + 1 }
    return [{ place, detail: `The line holds ${found.kind}.` }]
  })
}
