/** A column with more different texts than this is one of names or codes. */
const mostTexts = 256

/**
 * One text object for each of the few texts that a column repeats, such as a model or an organisation: a million rows hold them
 * once. Columns whose texts differ are left alone.
 */
export function createSharedTexts() {
  const columns: (Map<string, string> | null)[] = []
  return (column: number, text: string): string => {
    const known = columns[column]
    if (known === null) return text
    const texts = known ?? (columns[column] = new Map<string, string>())
    const shared = texts.get(text)
    if (shared !== undefined) return shared
    if (texts.size >= mostTexts) columns[column] = null
    else texts.set(text, text)
    return text
  }
}
