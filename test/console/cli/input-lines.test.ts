import t from 'tap'
import { inputLines } from '../../../console/cli/input-lines.js'

async function* chunksOf(chunks: readonly string[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk)
}

const inputs: readonly [what: string, chunks: readonly string[], lines: readonly (string | null)[]][] = [
  ['nothing', [], []],
  ['lines however they are cut', ['a', 'b\nc', 'd\r\n', '\n', 'e'], ['ab', 'cd', '', 'e']],
  ['a last line with its end', ['a\n'], ['a']],
  ['a line beyond the limit, and the one after it', ['12345', '6789\nok\n'], [null, 'ok']],
  ['a last line beyond the limit', ['123456'], [null]],
  ['a line at the limit', ['12345\n'], ['12345']],
]

for (const [what, chunks, lines] of inputs) {
  t.test(`reads ${what}`, async (t) => {
    const read: (string | null)[] = []
    for await (const line of inputLines(chunksOf(chunks), 5)) read.push(line)
    t.same(read, lines)
  })
}
