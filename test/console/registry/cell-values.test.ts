import t from 'tap'
import { likelySlip } from '../../../console/registry/cell-values.js'
import type { CellType } from '../../../console/registry/sheet-columns.js'

t.test('says what most often makes a cell unreadable that looks right on the screen', (t) => {
  const cases: readonly [text: string, kind: Exclude<CellType['kind'], 'choice'>, hint: RegExp | null][] = [
    ['６', 'integer', /half-width/],
    ['１２．５', 'decimal', /half-width/],
    ['２０２６-０７-０１', 'day', /half-width/],
    ['46023', 'instant', /format the cell as a date/],
    ['46023.5', 'day', /format the cell as a date/],
    ['2026-13-01', 'day', null],
    ['12345678', 'day', null],
    ['40/5', 'integer', /8 for 40\/5/],
    ['40:5', 'integer', /8 for 40\/5/],
    ['1,000', 'integer', /without commas/],
    ['1,234.50', 'decimal', /without commas/],
    ['1,5', 'decimal', null],
    ['46023', 'integer', null],
    ['M-1/2', 'code', null],
    ['示例路（１）号', 'text', null],
  ]
  for (const [text, kind, hint] of cases) {
    const said = likelySlip(text, { kind })
    if (hint === null) t.equal(said, null, `${text} as ${kind}`)
    else t.match(said, hint, `${text} as ${kind}`)
  }
  t.end()
})
