import t from 'tap'
import { counterText } from '../../../../billing/engine/components/counter-text.js'
import { historySlots } from '../../../../billing/engine/components/history-text.js'
import { closingText, readState } from '../../../../billing/engine/components/state-text.js'
import type { VersionProgram } from '../../../../billing/engine/components/version-program.js'
import { jsonbText } from './plain-shards.js'

const program = {
  month: '2026-07',
  history: historySlots([
    { name: 'valley', slot: 2, always: false },
    { name: 'peak', slot: 1, always: true },
  ]),
  ladder: {
    blocks: 2,
    counter: counterText('ladder', { from: '2026-01-01', to: '2027-01-01' }),
    goesOn: true,
    isYearly: true,
  },
} as unknown as VersionProgram

const counter = { component: 'ladder', scope: '2026-01-01', to: '2027-01-01', used: '110.5', byBlock: ['100', '10.5'] }
const used = (month: string, value: string, slot?: string) => ({
  name: 'energy',
  ...(slot ? { slot } : {}),
  month,
  value,
})
const history = [used('2026-05', '50'), used('2026-06', '60.5'), used('2026-06', '40', 'peak')]
const state = { blocks: [counter], billed: [], quantities: history, free: [], months: [], rounding: [] }
const gain = {
  energyE4: 300_000,
  slotE4: Float64Array.of(0, 200_000, 100_000),
  blockE4: Float64Array.of(0, 300_000),
  hasActiveEnergy: false,
}

t.test('a plain closing state is read, and goes on with the bill in it', (t) => {
  const read = readState(jsonbText(state), program)
  t.same(read?.ladder, { usedE4: 1_105_000, byBlockE4: [1_000_000, 105_000] })
  const closing = closingText(program, read ?? { ladder: { usedE4: 0, byBlockE4: null }, history: [] }, gain)
  t.same(JSON.parse(closing), {
    ...state,
    blocks: [{ ...counter, used: '140.5', byBlock: ['100', '40.5'] }],
    quantities: [
      ...history.slice(0, 2),
      used('2026-07', '30'),
      ...history.slice(2),
      used('2026-07', '20', 'peak'),
      used('2026-07', '10', 'valley'),
    ],
  })
  t.equal(closing, jsonbText(JSON.parse(closing)), 'as the database would write it')
  t.end()
})

t.test('energies that were frozen once more stand before the others', (t) => {
  const again = (entry: object) => ({ ...entry, name: 'active_energy' })
  const before = { ...state, quantities: [again(used('2026-05', '50')), ...history] }
  const opening = readState(jsonbText(before), program)
  const written = (hasActiveEnergy: boolean) =>
    JSON.parse(closingText(program, opening!, { ...gain, hasActiveEnergy })) as typeof state
  const energies = [
    ...history.slice(0, 2),
    used('2026-07', '30'),
    ...history.slice(2),
    used('2026-07', '20', 'peak'),
    used('2026-07', '10', 'valley'),
  ]
  t.same(written(true).quantities, [
    again(used('2026-05', '50')),
    again(used('2026-07', '30')),
    again(used('2026-07', '20', 'peak')),
    again(used('2026-07', '10', 'valley')),
    ...energies,
  ])
  t.same(written(false).quantities, [again(used('2026-05', '50')), ...energies], 'those of earlier months stay')
  t.end()
})

t.test('any other state is left to the readable rules', (t) => {
  const table: readonly (readonly [title: string, changes: object])[] = [
    [
      'amounts billed',
      { billed: [{ component: 'a', month: '2026-07', quantity: '1', amountExact: '1', amount: '1' }] },
    ],
    ['a month that is not settled', { months: [{ month: '2026-07', start: '2026-07-01' }] }],
    ['a counter of another component', { blocks: [{ ...counter, component: 'energy' }] }],
    ['a counter of another year', { blocks: [{ ...counter, scope: '2025-01-01' }] }],
    ['a counter by slot', { blocks: [{ ...counter, slot: 'peak' }] }],
    ['two counters', { blocks: [counter, counter] }],
    ['another number of blocks', { blocks: [{ ...counter, byBlock: ['110.5'] }] }],
    ['less than nothing in a block', { blocks: [{ ...counter, byBlock: ['-10', '120.5'] }] }],
    ['more decimals', { blocks: [{ ...counter, used: '110.50001' }] }],
    ['a quotient', { blocks: [{ ...counter, used: '221/2' }] }],
    ['more than a ladder holds', { blocks: [{ ...counter, used: '9999999999999' }] }],
    ['another quantity', { quantities: [{ name: 'demand', month: '2026-06', value: '3' }] }],
    ['another quantity among them', { quantities: [...history, { name: 'export', month: '2026-06', value: '0' }] }],
    ['this very month once more', { quantities: [{ ...used('2026-07', '1'), name: 'active_energy' }] }],
    ['another slot', { quantities: [used('2026-06', '1', 'sharp')] }],
    ['this very month', { quantities: [used('2026-07', '1')] }],
  ]
  for (const [title, changes] of table) t.equal(readState(jsonbText({ ...state, ...changes }), program), null, title)
  t.equal(readState('{}', program), null)
  t.equal(readState(jsonbText(state), { ...program, ladder: null }), null, 'a counter without a ladder')
  t.end()
})
