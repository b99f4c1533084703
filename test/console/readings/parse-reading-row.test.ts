import t from 'tap'
import { parseReadingRow } from '../../../console/readings/parse-reading-row.js'
import { beijing } from '../../../domain/time.js'

const cells = (more: Readonly<Record<string, string>>) =>
  new Map(Object.entries({ meter: 'm-1', at: '2026-07-01', total: '12.5', ...more }).filter(([, text]) => text !== ''))

t.test('an instant is a local midnight, a local time or one with its offset', (t) => {
  const rows = [
    ['2026-07-01', '2026-06-30T16:00:00.000Z'],
    ['2026/7/1', '2026-06-30T16:00:00.000Z'],
    ['2026年7月1日', '2026-06-30T16:00:00.000Z'],
    ['2026-07-01 18:05', '2026-07-01T10:05:00.000Z'],
    ['2026-07-01T00:00+08:00', '2026-06-30T16:00:00.000Z'],
  ] as const
  for (const [text, expected] of rows) {
    const { row, faults } = parseReadingRow(cells({ at: text }), beijing, 'book 第 2 行')
    t.same([faults, row.readAt], [[], Date.parse(expected)], text)
  }
  t.match(parseReadingRow(cells({}), null, '').faults, [{ field: 'at', code: 'bad_cell', expected: /带时差/ }])
  t.end()
})

t.test('registers become one claim a quantity, before the multiplier', (t) => {
  const { row, faults } = parseReadingRow(
    cells({ tou2: '7.5', tou4: '5', reverse: '3', reactive: '1.2345', reverseReactive: '0' }),
    beijing,
    'book 第 2 行',
  )
  t.same(faults, [])
  t.same(row.values, [
    { quantity: 1, registers: { totalE4: 12_5000n, touE4: [null, 7_5000n, null, 5_0000n] } },
    { quantity: 2, registers: { totalE4: 3_0000n, touE4: [null, null, null, null] } },
    { quantity: 3, registers: { totalE4: 1_2345n, touE4: [null, null, null, null] } },
    { quantity: 4, registers: { totalE4: 0n, touE4: [null, null, null, null] } },
  ])
  t.equal(row.document, 'book 第 2 行', 'a row without a document names its place in the file')
  t.end()
})

t.test('every fault of a row is told at its column', (t) => {
  const rows = [
    ['nobody is named', { meter: '' }, 'meter missing_cell'],
    ['a usage point will do', { meter: '', usagePoint: 'p-1' }, ''],
    ['no instant', { at: '' }, 'at missing_cell'],
    ['a day that is none', { at: '2026-02-30' }, 'at bad_cell'],
    ['no register', { total: '' }, 'total missing_cell'],
    ['tariffs without their total', { total: '', tou1: '3' }, 'total missing_cell'],
    ['a thousands comma', { total: '1,012.50' }, 'total bad_cell'],
    ['less than nothing', { total: '-1' }, 'total bad_cell'],
    ['more decimals than any display', { reverse: '1.23456' }, 'reverse bad_cell'],
    ['two at once', { at: 'soon', total: 'many' }, 'at bad_cell, total bad_cell'],
    ['a name that is no code', { meter: 'x'.repeat(65) }, 'meter bad_cell'],
  ] as const
  for (const [title, more, expected] of rows) {
    const { faults } = parseReadingRow(cells(more), beijing, '')
    t.equal(faults.map(({ field, code }) => `${field} ${code}`).join(', '), expected, title)
  }
  t.end()
})
