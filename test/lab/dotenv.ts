/** A line of a `.env` file that stands for exactly this value. */
export const dotenvLine = (name: string, value: string): string =>
  `${name}="${value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('$', () => '\\$')
    .replaceAll('\r', '\\r')
    .replaceAll('\n', '\\n')}"`
