/** A key that comes twice in one object of a JSON text. */
export interface RepeatedKey {
  readonly key: string
  /** Line of its second place, from 1. */
  readonly line: number
}

const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g

/** The first key of a sound JSON text that its object has already had; JSON.parse would keep the last one in silence. */
export function repeatedKey(text: string): RepeatedKey | null {
  const open: (Set<string> | null)[] = []
  let last: RegExpExecArray | null = null
  token.lastIndex = 0
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const [mark] = found
    if (mark === '{') open.push(new Set())
    else if (mark === '[') open.push(null)
    else if (mark === '}' || mark === ']') open.pop()
    else if (mark === ':' && last !== null) {
      const key = String(JSON.parse(last[0]))
      const keys = open.at(-1)
      if (keys?.has(key) === true) return { key, line: lineAt(text, last.index) }
      keys?.add(key)
    }
    last = found
  }
  return null
}

/** Line of a place in a text, from 1. */
export function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length
}
