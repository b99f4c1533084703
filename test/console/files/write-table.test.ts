import fc from 'fast-check'
import t from 'tap'
import { readWholeTable } from '../../../console/files/read-table.js'
import { type TableSheet, writeCsv, writeWorkbook } from '../../../console/files/write-table.js'

const cell = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '=1+1',
    "'=1",
    "''+1",
    '-5',
    '-5 kWh',
    '@x',
    '\tx',
    '000123',
    '_x0041_',
    'a\r\nb',
    '"',
    '户号,1',
    '1e5',
    ' x ',
  ),
)
/** Headings stand first; a row that is blank to the end is no row in a spreadsheet. */
const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 6 })

function joined(pieces: Iterable<Uint8Array>): Uint8Array {
  return Buffer.concat([...pieces])
}

function withoutBlanks(rows: readonly (readonly string[])[]) {
  return rows.map((row) => row.slice(0, row.findLastIndex((text) => text !== '') + 1)).filter((row) => row.length > 0)
}

const headings = ['户号 account', 'b', 'c', 'd']

t.test('what is written as XLSX is read as it was', async (t) => {
  await fc.assert(
    fc.asyncProperty(table, async (rows) => {
      const sheets: readonly TableSheet[] = [
        { name: '户号 accounts', instruction: '填写 fill in', headings, rows },
        { name: 'b', headings, rows: [] },
      ]
      const read = await readWholeTable(joined(writeWorkbook(sheets)), 'book.xlsx')
      const seen = read.rows.filter(({ sheet }) => sheet === '户号 accounts').map(({ cells }) => cells)
      t.strictSame(withoutBlanks(seen), withoutBlanks([['填写 fill in'], headings, ...rows]))
      t.same(read.problems, [])
    }),
    { numRuns: 200 },
  )
})

t.test('what is written as CSV is read as it was, and nothing in it runs as a formula', async (t) => {
  await fc.assert(
    fc.asyncProperty(table, async (rows) => {
      const withoutNul = rows.map((row) => row.map((text) => text.replaceAll(/\0|\p{Surrogate}/gu, '')))
      const bytes = joined(writeCsv({ name: 'a', headings, rows: withoutNul }))
      const read = await readWholeTable(bytes, 'list.csv')
      t.strictSame(withoutBlanks(read.rows.map(({ cells }) => cells)), withoutBlanks([headings, ...withoutNul]))
      t.same(read.problems, [])
    }),
    { numRuns: 200 },
  )
})

t.test('no cell of a CSV begins as a formula does, but numbers stay numbers', async (t) => {
  const rows = [
    ['=HYPERLINK("http://x")', '+1', '-1.5', '@SUM(1)'],
    ['-1+2', '\t=1', '＝1', "'"],
  ]
  const text = Buffer.from(joined(writeCsv({ name: 'a', headings, rows }))).toString('utf8')
  t.equal(text, `\ufeff户号 account,b,c,d\n"'=HYPERLINK(""http://x"")",'+1,-1.5,'@SUM(1)\n'-1+2,'\t=1,'＝1,'\n`)
})

t.test('the same content gives the same bytes', async (t) => {
  const sheets = [{ name: 'a', headings, rows: [['1']] }]
  t.same(joined(writeWorkbook(sheets)), joined(writeWorkbook(sheets)))
})
