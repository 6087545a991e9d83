// Draws docs/images/demo.svg from what the program really prints on a terminal: a deploy of a new
// version of the demo's app. Needs the demo's server: npm run demo.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { labPath } from '../src/lab/home.ts'
import { sshConfigFile } from '../src/lab/keys.ts'
import { bundle, root } from './bundle.ts'

const folder = labPath('demo')
const columns = 112

type Style = { bold: boolean; dim: boolean; colour: string }
type Piece = { text: string; style: Style }

const plain: Style = { bold: false, dim: false, colour: '#d7dde5' }
const escapeCharacter = String.fromCharCode(27)
const colourCode = new RegExp(`(${escapeCharacter}\\[\\d+m)`)
const colours: Record<string, string> = { '31': '#ff7b72', '32': '#7ee787' }

/** One line with its colours; only the codes that the program uses are known. */
const pieces = (line: string): Piece[] => {
  const found: Piece[] = []
  let style = plain
  for (const part of line.split(colourCode)) {
    const code = part.startsWith(escapeCharacter) ? part.slice(2, -1) : undefined
    if (code === undefined) {
      if (part) found.push({ text: part, style })
      continue
    }
    if (code === '1') style = { ...style, bold: true }
    else if (code === '2') style = { ...style, dim: true }
    else if (code === '22') style = { ...style, bold: false, dim: false }
    else style = { ...style, colour: colours[code] ?? plain.colour }
  }
  return found
}

const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const span = ({ text, style }: Piece) =>
  `<tspan fill="${style.colour}"${style.bold ? ' font-weight="bold"' : ''}${style.dim ? ' fill-opacity="0.55"' : ''}>${escape(text)}</tspan>`

const svg = (lines: string[]) => {
  const height = lines.length * 19 + 56
  const rows = lines.map(
    (line, index) =>
      `<text x="20" y="${index * 19 + 54}" xml:space="preserve">${pieces(line).map(span).join('')}</text>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${columns * 8.5 + 40}" height="${height}" role="img" aria-label="zarpe deploy on a terminal">
<rect width="100%" height="100%" rx="10" fill="#11161d"/>
<circle cx="22" cy="20" r="6" fill="#ff5f57"/><circle cx="42" cy="20" r="6" fill="#febc2e"/><circle cx="62" cy="20" r="6" fill="#28c840"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">
${rows.join('\n')}
</g>
</svg>
`
}

/** What stays on the screen: live lines that were drawn over are gone. */
const settled = (text: string) =>
  text
    .split(/\r?\n/)
    .map((line) => line.split('\r\u001b[2K').at(-1)!)
    .map((line) => line.replaceAll('\r', '').trimEnd())

const version = readFileSync(join(folder, 'VERSION'), 'utf8').trim()
writeFileSync(join(folder, 'VERSION'), version === '1.1.0' ? '1.2.0\n' : '1.1.0\n')
const record = spawnSync(
  'script',
  ['-qec', `stty cols ${columns}; exec "$NODE" "$ZARPE" -C "$FOLDER" --yes deploy`, '/dev/null'],
  {
    encoding: 'utf8',
    env: {
      ...process.env,
      NODE: process.execPath,
      ZARPE: await bundle(),
      FOLDER: folder,
      ZARPE_SSH_CONFIG: sshConfigFile(),
      ZARPE_BY: 'you@laptop',
      TERM: 'xterm-256color',
      NO_COLOR: '',
    },
  },
)
if (record.status !== 0) throw new Error(`the deploy failed:\n${record.stdout}`)
const lines = ['\u001b[1m$ zarpe deploy\u001b[22m', ...settled(record.stdout)]
while (lines.at(-1) === '') lines.pop()
writeFileSync(join(root, 'docs', 'images', 'demo.svg'), svg(lines))
console.log(`docs/images/demo.svg: ${lines.length} lines`)
