/** Whether an answer is as `>= 7000`, `= abc` or plain `abc` says. */
export const meets = (answer: unknown, is: string): boolean => {
  const [, operator = '=', text = ''] = /^\s*(>=|<=|!=|=|>|<)?\s*(.*?)\s*$/s.exec(is) ?? []
  if (operator === '=') return String(answer) === text
  if (operator === '!=') return String(answer) !== text
  const [left, right] = [Number(answer), Number(text)]
  if (Number.isNaN(left) || Number.isNaN(right) || answer === null) return false
  if (operator === '>=') return left >= right
  if (operator === '<=') return left <= right
  return operator === '>' ? left > right : left < right
}
