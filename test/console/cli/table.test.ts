import fc from 'fast-check'
import t from 'tap'
import { onScreen } from '../../../console/cli/screen.js'
import { textTable } from '../../../console/cli/table.js'
import { textWidth } from '../../../console/cli/text-width.js'

const onWidth = (width: number, act: () => string): Promise<string> => onScreen({ width }, () => Promise.resolve(act()))
const linesOf = (table: string): readonly string[] => table.split('\n').filter((line) => /^[┌│├└]/.test(line))
const widthsOf = (table: string): readonly number[] => [...new Set(linesOf(table).map(textWidth))]

t.test('a table of any texts fits its screen and keeps straight borders', async () => {
  const cell = fc.oneof(
    fc.stringMatching(/^[a-z_ .:/-]{0,40}$/),
    fc.stringMatching(/^[一-鿿，。（） ]{0,30}$/),
    fc.stringMatching(/^-?\d{1,9}\.\d{2}$/),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 60, max: 160 }),
      fc
        .integer({ min: 1, max: 6 })
        .chain((columns) =>
          fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 2, maxLength: 6 }),
        ),
      async (width, [head = [], ...rows]) => {
        const table = await onWidth(width, () => textTable(head, rows))
        const widths = widthsOf(table)
        return widths.length === 1 && (widths[0] ?? 0) <= width
      },
    ),
    { numRuns: 200, seed: 5 },
  )
})

t.test('folding loses no text, and figures stand to the right', async (t) => {
  const table = await onWidth(60, () =>
    textTable(
      ['电表 meter', '原因 cause', 'kWh'],
      [
        ['M0001', '电表无应答 meter_silent 第三次 for the third time in a row', 1.5],
        ['M0002', '线路不通', 22],
      ],
    ),
  )
  t.equal(
    table,
    `
┌───────┬────────────────────────────────────────┬─────┐
│ 电表  │ 原因                                   │ kWh │
│ meter │ cause                                  │     │
├───────┼────────────────────────────────────────┼─────┤
│ M0001 │ 电表无应答 meter_silent 第三次 for the │ 1.5 │
│       │ third time in a row                    │     │
│ M0002 │ 线路不通                               │  22 │
└───────┴────────────────────────────────────────┴─────┘`.trim(),
  )
})

t.test('a column without a single figure stands to the left, one with quotients to the right', async (t) => {
  const table = await onWidth(60, () =>
    textTable(
      ['项目 component', '档 block', '单价 price'],
      [
        ['capacity', '', '26.3'],
        ['vat', '', '13/113'],
      ],
    ),
  )
  t.equal(
    table,
    `
┌───────────┬───────┬────────┐
│ 项目      │ 档    │   单价 │
│ component │ block │  price │
├───────────┼───────┼────────┤
│ capacity  │       │   26.3 │
│ vat       │       │ 13/113 │
└───────────┴───────┴────────┘`.trim(),
  )
})

t.test('columns that can be spared go first, are named, and come back where everything is asked for', async (t) => {
  const table = () =>
    textTable(
      ['编号 code', '台区 area', '地址 address'],
      [['4f1c0a52-0000-4000-8000-000000000001', 'area-concentrator-12', 'somewhere-behind-the-hill-7']],
      { spare: ['台区 area'] },
    )
  const narrow = await onWidth(80, table)
  t.notMatch(narrow, /area-concentrator-12/)
  t.match(narrow, /未显示 not shown: 台区 area（--wide/)
  t.match(narrow, /4f1c0a52-0000-4000-8000-000000000001/, 'what stays is not broken')
  const wide = await onWidth(Number.POSITIVE_INFINITY, table)
  t.match(wide, /area-concentrator-12/)
  t.notMatch(wide, /not shown/)
})

t.test('a table without rows says so', async (t) => {
  t.equal(textTable(['电表 meter'], []), '无 none')
})
