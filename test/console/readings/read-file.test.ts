import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { writeWorkbook } from '../../../console/files/write-table.js'
import { readReadingsFile } from '../../../console/readings/read-file.js'
import { beijing } from '../../../domain/time.js'
import { checkoutRoot } from '../../architecture/source-files.js'

async function read(name: string, bytes: Uint8Array) {
  const { sheets, batches, offMidnight } = readReadingsFile({ name, bytes }, beijing)
  const [rows, faults] = [[], []] as [unknown[], { field: string; code: string; line: number }[]]
  for await (const batch of batches()) {
    rows.push(...batch.rows)
    faults.push(...batch.faults)
  }
  return { sheets, rows, faults, off: offMidnight() }
}
const csv = (...lines: readonly string[]) => Buffer.from(lines.join('\n'))

t.test('the example of the documentation reads without a fault', async (t) => {
  const { sheets, rows, faults, off } = await read(
    'readings.csv',
    readFileSync(join(checkoutRoot, 'docs/examples/readings.csv')),
  )
  t.same([rows.length, faults, off], [3, [], 1])
  t.equal(sheets[0]?.columns.get('document'), 'I')
})

t.test('a workbook is read as a CSV is, below a title, with headings in either language', async (t) => {
  const bytes = Buffer.concat([
    ...writeWorkbook([
      {
        name: '七月',
        instruction: '补录',
        headings: ['表号', 'date', '总示数', '照片'],
        rows: [['m-1', '2026-07-01', '12.5', 'P-1']],
      },
    ]),
  ])
  const { sheets, rows, faults } = await read('book.xlsx', bytes)
  t.same(faults, [])
  t.match(rows, [{ sheet: 0, line: 3, meter: 'm-1', document: 'P-1', reader: null }])
  t.equal(sheets[0]?.name, '七月')
})

t.test('what is wrong with a sheet as a whole is told once, at no row', async (t) => {
  const rows = [
    ['no headings', csv('m-1,2026-07-01,12.5'), 'missing_headings'],
    ['a column that nobody knows', csv('电表,日期,总,倍率', 'm-1,2026-07-01,12.5,40'), 'unknown_column'],
    ['a column twice', csv('电表,日期,总,total', 'm-1,2026-07-01,12.5,13'), 'there_twice'],
    ['no register', csv('电表,日期', 'm-1,2026-07-01'), 'missing_column'],
    ['an old workbook', Buffer.from('\xd0\xcf\x11\xe0', 'latin1'), 'not_a_table_file'],
  ] as const
  for (const [title, bytes, expected] of rows) {
    const { faults } = await read('book.csv', bytes)
    t.same(
      faults.filter(({ line }) => line === 0).map(({ code }) => code),
      [expected],
      title,
    )
  }
})

t.test('a cell that is a formula lacks nothing else, and stray cells are named', async (t) => {
  const { faults } = await read('book.csv', csv('电表,日期,总', 'm-1,2026-07-01,=A1,', 'm-2,2026-07-01,5,note', ',,'))
  t.match(faults, [
    { line: 2, field: 'total', code: 'formula_cell' },
    { line: 3, field: 'D', code: 'no_heading' },
  ])
  t.equal(faults.length, 2)
})
