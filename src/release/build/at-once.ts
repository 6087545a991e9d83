/**
 * Does something for each of a list, so many at once. After a failure nothing more is begun; when all that had begun
 * has ended, the first failure is thrown.
 */
export const atOnce = async <Item, Result>(
  items: Item[],
  most: number,
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> => {
  const results: Result[] = []
  const failures: unknown[] = []
  let next = 0
  const worker = async () => {
    while (next < items.length && failures.length === 0) {
      const at = next++
      try {
        results[at] = await act(items[at]!)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, most) }, worker))
  if (failures.length > 0) throw failures[0]
  return results
}
