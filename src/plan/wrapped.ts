/** The least width in which words are set below each other. */
const widthMin = 24

/**
 * A line in rows of at most so many columns, broken between words. Later rows begin at column `indent`, or near the
 * left where that leaves too little. A word that is longer stays whole: the terminal breaks it.
 */
export const wrapped = (line: string, columns: number, indent: number): string[] => {
  if (line.length <= columns) return [line]
  const margin = ' '.repeat(columns - indent >= widthMin ? indent : 6)
  const rows: string[] = []
  let row = ''
  for (const part of line.split(/(?<=\S)(?= )/)) {
    if (row.trim() !== '' && (row + part).length > columns) {
      rows.push(row)
      row = margin + part.trimStart()
    } else row += part
  }
  return [...rows, row]
}
