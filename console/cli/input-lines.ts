/** A line of the input; `null` stands for one that is longer than the limit and was passed over. */
export type InputLine = string | null

/** Lines of a byte stream, without their ends. Holds no more than one line of `maxCharacters`, whatever comes. */
export async function* inputLines(
  input: AsyncIterable<Buffer | string>,
  maxCharacters: number,
): AsyncGenerator<InputLine> {
  let rest = ''
  let isTooLong = false
  for await (const chunk of input) {
    const pieces = chunk.toString('latin1').split('\n')
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) {
        yield isTooLong ? null : withoutReturn(rest)
        rest = ''
        isTooLong = false
      }
      isTooLong ||= rest.length + piece.length > maxCharacters
      rest = isTooLong ? '' : rest + piece
    }
  }
  if (isTooLong || rest !== '') yield isTooLong ? null : withoutReturn(rest)
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}
