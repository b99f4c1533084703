/** What a JSON text says that a reader of its values cannot see. */
export interface JsonDefect {
  /** Offset in the text. */
  readonly position: number
  readonly message: string
}

/** Far more than any document of ours needs; a reader of the values goes down as deep. */
const mostLevels = 200

interface Level {
  /** Of an object; null in a list. */
  readonly keys: Set<string> | null
  awaitsKey: boolean
}

/**
 * A key that stands twice in one object, of which a parser silently keeps the last, and nesting beyond 200 levels.
 * @param text well-formed JSON.
 */
export function jsonDefect(text: string): JsonDefect | null {
  const levels: Level[] = []
  for (let position = 0; position < text.length; position++) {
    const character = text[position]
    const level = levels.at(-1)
    if (character === '{' || character === '[') {
      if (levels.length >= mostLevels)
        return { position, message: `嵌套超过 ${mostLevels} 层 nested deeper than ${mostLevels} levels` }
      levels.push({ keys: character === '{' ? new Set() : null, awaitsKey: true })
    } else if (character === '}' || character === ']') levels.pop()
    else if (character === ',' && level !== undefined) level.awaitsKey = true
    else if (character === '"') {
      const end = endOfString(text, position)
      if (level !== undefined && level.keys !== null && level.awaitsKey) {
        const key: unknown = JSON.parse(text.slice(position, end))
        if (level.keys.has(String(key))) return { position, message: `键重复 key given twice: ${String(key)}` }
        level.keys.add(String(key))
        level.awaitsKey = false
      }
      position = end - 1
    }
  }
  return null
}

/** The offset behind the closing quotation mark. */
function endOfString(text: string, start: number): number {
  let position = start + 1
  while (text[position] !== '"') position += text[position] === '\\' ? 2 : 1
  return position + 1
}
