/** Code points that a terminal draws two cells wide: the wide and full-width ones of UAX 11. */
const wide =
  /[\u1100-\u115F\u2329\u232A\u2E80-\u303E\u3040-\u3247\u3250-\u4DBF\u4E00-\uA4C6\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE10-\uFE19\uFE30-\uFE6B\uFF01-\uFF60\uFFE0-\uFFE6\u{1F200}-\u{1F251}\u{20000}-\u{3FFFD}]/u
const combining = /\p{Mn}|\p{Cf}/u

/** Cells that a line of text takes on a terminal. */
export function textWidth(text: string): number {
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width
}

export function characterWidth(character: string): 0 | 1 | 2 {
  if (combining.test(character)) return 0
  return wide.test(character) ? 2 : 1
}
