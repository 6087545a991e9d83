// The answers of S3 are small and flat; these two questions are all that is asked of them.

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The insides of every element of that name, in order. */
export const elementsOf = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, 'g'))].map(
    ([, inside = '']) => inside,
  )

/** The text of the first element of that name; empty if there is none. */
export const textOf = (xml: string, name: string): string =>
  (elementsOf(xml, name)[0] ?? '').replaceAll(
    /&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi,
    (whole, decimal?: string, hex?: string, word?: string) => {
      if (word !== undefined) return entities[word] ?? whole
      return String.fromCodePoint(Number.parseInt(decimal ?? hex ?? '', decimal ? 10 : 16))
    },
  )
