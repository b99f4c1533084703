import t from 'tap'
import { checkComponentLines } from '../../../billing/checker/check-component-lines.js'
import { Fault } from '../../../billing/checker/fault.js'

const cursor = (value: unknown) => ({ value, path: '' })
const fen = { mode: 'half_up', decimals: 2 }
const carried = {
  version: 1,
  rounding: { line: fen, total: { mode: 'down', decimals: 0, carried: true } },
  components: [{ code: 'energy', kind: 'usage', model: { kind: 'per_unit', price: '0.5469' } }],
}
const line = {
  component: 'energy',
  slot: null,
  block: null,
  segment: 1,
  quantity: '61',
  unit: 'kWh',
  unitPrice: '0.5469',
  amountExact: '33.3609',
  amount: '33.36',
  version: 1,
}

/** What is wrong first; the digest is, on purpose, so that a right amount comes as far as it. */
function faultOf(amount: string, opening: object): string {
  const bill = cursor({ lines: [line], amount, linesSha256: '' })
  try {
    checkComponentLines(bill, [cursor(carried)], cursor(carried), cursor(opening))
    return 'none'
  } catch (error) {
    return error instanceof Fault ? error.node : String(error)
  }
}

t.test('a bill whose rounding is carried asks for what the rounded sum of all bills has gained', (t) => {
  const after = (exact: string, rounded: string) => ({ rounding: [{ line: '(total)', exact, rounded }] })
  const cases = [
    ['the first bill', '33.00', {}, 'linesSha256'],
    ['0.69 left and 33.36 are 34.05', '34.00', after('54.69', '54'), 'linesSha256'],
    ['not what this bill alone rounds to', '33.00', after('54.69', '54'), 'amount'],
    ['0.10 left', '33.00', after('54.10', '54'), 'linesSha256'],
  ] as const
  for (const [title, amount, opening, expected] of cases) t.equal(faultOf(amount, opening), expected, title)
  t.end()
})
