import t from 'tap'
import { maxLinesPerBill } from '../../../billing/engine/columns.js'
import { createLineWriter, type LineWriter } from '../../../billing/engine/line-writer.js'

const held = 1

function addLines(writer: LineWriter, count: number): void {
  for (let line = 0; line < count; line++) writer.add(1, 0, line, 10_000, 50_000_000, 50)
}

t.test('keeps as many lines as a bill can have, on every bill', async (t) => {
  const writer = createLineWriter(3)
  for (const [row, hold] of [0, held, 0].entries()) {
    addLines(writer, maxLinesPerBill)
    writer.close(row, hold, 0)
  }
  const { lineStart, lineFen, amountFen } = writer.finish()
  t.same([...lineStart], [0, maxLinesPerBill, maxLinesPerBill, 2 * maxLinesPerBill])
  t.equal(lineFen.length, 2 * maxLinesPerBill)
  t.same([...amountFen], [50 * maxLinesPerBill, 0, 50 * maxLinesPerBill])
})

t.test('a line too many is a broken assumption, even where the columns have room for it', async (t) => {
  for (const accounts of [1, 2]) {
    const writer = createLineWriter(accounts)
    t.throws(() => addLines(writer, maxLinesPerBill + 1), { name: 'InvariantError' }, `${accounts} accounts`)
  }
})
