import { createHash } from 'node:crypto'
import t from 'tap'
import { checkIntervalDays, hasFilledDay } from '../../../billing/checker/check-interval-days.js'
import { Fault } from '../../../billing/checker/fault.js'

const half = { from: '2026-06-30T16:00:00.000Z', to: '2026-06-30T16:30:00.000Z', date: '2026-07-01', minutes: 15 }
const words = { verdict: 'complete', rules: [], reason: '', qualities: '0000', fills: [], frames: [] }
/** Half an hour of 1.5 and 2 kWh, behind transformers of 10. */
const plain = {
  ...half,
  ...words,
  multiplier: 10,
  start: '100',
  end: '103.5',
  difference: '0' as string | null,
  values: ['1.5', '2'],
}
type Day = typeof plain

/** What a day was settled with, as the database makes it. */
function digestOf({ date, minutes, start, end, difference, verdict, reason, values, qualities }: Day): string {
  const e4 = (text: string) => String(Math.round(Number(text) * 10_000))
  const said = [date, minutes, e4(start), e4(end), difference === null ? '' : e4(difference), verdict, '', reason, '']
  const stored = Buffer.from(Int32Array.from(values, (value) => Number(e4(value))).buffer)
  return createHash('sha256').update(said.join('|')).update(stored).update(Buffer.from(qualities, 'hex')).digest('hex')
}

const rated = { name: 'energy', intervals: { start: '2026-07-01', minutes: 15, values: ['15', '20'] } }

function faultOf(days: readonly Day[], entries: readonly object[] = [rated], energy = 35n): string {
  const proof = {
    bill: { estimated: false },
    intervals: { insteadOf: null, days: days.map((day) => ({ ...day, digest: digestOf(day) })) },
    usage: { periods: [{ quantities: [...entries, { name: 'export', value: '1' }] }] },
  }
  try {
    checkIntervalDays({ value: proof, path: '' }, { numerator: energy, denominator: 1n })
    return 'none'
  } catch (error) {
    if (error instanceof Fault) return error.node
    throw error
  }
}

t.test('interval days hold from their registers to the energy that was rated', (t) => {
  const other = { ...rated, intervals: { ...rated.intervals, start: '2026-06-30T16:15:00Z', values: ['20'] } }
  const cases = [
    ['as they are', faultOf([plain]), 'none'],
    ['a register that turned over', faultOf([{ ...plain, start: '999998', end: '1.5' }]), 'none'],
    ['a day of which one end is unknown', faultOf([{ ...plain, difference: null }]), 'none'],
    [
      'two meters in one day',
      faultOf([plain, plain], [{ ...rated, intervals: { ...rated.intervals, values: ['30', '40'] } }], 70n),
      'none',
    ],
    ['more than the registers say', faultOf([{ ...plain, end: '103.4' }]), 'intervals.days[0].difference'],
    ['fewer intervals than the day has', faultOf([{ ...plain, values: ['3.5'] }]), 'intervals.days[0].values'],
    ['finer than stored', faultOf([{ ...plain, values: ['1.50005', '2'] }]), 'intervals.days[0].values[0]'],
    [
      'another multiplier',
      faultOf([{ ...plain, multiplier: 1 }]),
      'usage.periods[0].quantities[0].intervals.values[0]',
    ],
    [
      'an interval that is rated twice',
      faultOf([plain], [rated, other]),
      'usage.periods[0].quantities[1].intervals.values[0]',
    ],
    ['another energy than is billed', faultOf([plain], [rated], 36n), 'usage.energy'],
  ] as const
  for (const [title, found, expected] of cases) t.equal(found, expected, title)
  t.end()
})

t.test('a filled day is an estimate', (t) => {
  const proofOf = (intervals: unknown) => ({ value: { intervals }, path: '' })
  t.equal(hasFilledDay(proofOf({ days: [plain, { ...plain, verdict: 'filled' }] })), true)
  t.equal(hasFilledDay(proofOf({ days: [plain] })), false)
  t.equal(hasFilledDay(proofOf(null)), false, 'rated by registers')
  t.end()
})
