import t from 'tap'
import { suggest } from '../../../mdm/exceptions/suggestions/suggest.js'
import type { SuggestionContext } from '../../../mdm/exceptions/suggestions/suggestion.js'
import { dayMs } from '../../../domain/time.js'

const day = (number: number) => Date.UTC(2026, 6, number)
const set = (kwh: number) => ({ totalE4: BigInt(Math.round(kwh * 10_000)), touE4: [null, null, null, null] }) as const
const known = (number: number, kwh: number, isEstimate = false) => ({
  readAt: day(number),
  totalE4: set(kwh).totalE4,
  isEstimate,
})

/** A meter that usually counts 10 kWh a day and stood at 1000 kWh on day 9. */
function context(more: Partial<SuggestionContext>): SuggestionContext {
  return {
    kind: 'held_reading',
    rules: ['spike'],
    readAt: day(10),
    claims: [set(1010)],
    before: [known(9, 1000), known(8, 990)],
    after: [],
    usualE4PerDay: 10_0000n,
    multiplierChangedAt: null,
    ...more,
  }
}

const table: readonly (readonly [why: string, more: Partial<SuggestionContext>, name: string, action: string])[] = [
  [
    'of two values one fits',
    { claims: [set(5000), set(1010)], after: [known(11, 1020)] },
    'one_of_the_claims',
    'accept',
  ],
  ['of two values both fit', { claims: [set(1008), set(1010)] }, 'read_on_site', 'field_order'],
  [
    'below an estimate, above the last reading',
    { claims: [set(1005)], before: [known(9, 1020, true), known(8, 990)] },
    'estimate_too_high',
    'accept',
  ],
  [
    'below an estimate and below the last reading',
    { claims: [set(900)], before: [known(9, 1020, true), known(8, 990)] },
    'read_on_site',
    'field_order',
  ],
  [
    'the one before leapt',
    { claims: [set(1010)], before: [known(9, 8000), known(8, 990)] },
    'previous_wrong',
    'accept',
  ],
  [
    'counts on from near zero',
    { claims: [set(7)], after: [known(11, 17), known(12, 27)] },
    'exchange_not_recorded',
    'field_order',
  ],
  ['near zero once', { claims: [set(7)], after: [known(11, 1020), known(12, 1030)] }, 'read_on_site', 'field_order'],
  [
    'a tenth since the multiplier changed',
    { claims: [set(1001)], multiplierChangedAt: day(9) },
    'multiplier_changed',
    'field_order',
  ],
  [
    'an account held after the multiplier changed',
    { kind: 'determinant_hold', readAt: null, claims: [], multiplierChangedAt: day(9) },
    'multiplier_changed',
    'hold',
  ],
  ['a thousand times too much', { claims: [set(1_010_000)] }, 'unit_slip', 'correct'],
  ['a hundredth', { claims: [set(10.1)] }, 'unit_slip', 'correct'],
  [
    'nothing read for 20 days',
    { claims: [set(1200)], before: [{ ...known(9, 1000), readAt: day(10) - 20 * dayMs }] },
    'late_read',
    'accept',
  ],
  [
    'no value between two',
    { kind: 'missing_reading', claims: [], after: [known(11, 1020)] },
    'between_known_values',
    'estimate',
  ],
  ['no value and nothing later', { kind: 'missing_reading', claims: [] }, 'read_on_site', 'field_order'],
  ['no history', { claims: [set(5000)], before: [], usualE4PerDay: null }, 'read_on_site', 'field_order'],
  [
    'an account held after an exchange',
    { kind: 'determinant_hold', rules: ['usage_unlike_history'], readAt: null, claims: [] },
    'compare_exchange_note',
    'hold',
  ],
  [
    'an account held for its readings',
    { kind: 'determinant_hold', readAt: null, claims: [] },
    'decide_readings',
    'hold',
  ],
  ['a finding about an area', { kind: 'area_loss', readAt: null, claims: [] }, 'look_at_it', 'hold'],
]

for (const [why, more, name, action] of table)
  t.test(`${why}: ${name}`, async (t) => {
    const suggestion = suggest(context(more))
    t.match(suggestion, { name, action })
    t.ok(suggestion.zh !== '' && suggestion.en !== '')
  })

t.test('a unit slip says the value that fits, register by register', async (t) => {
  const claims = [{ totalE4: 10_100_0000n, touE4: [null, 6_060_0000n, null, 4_040_0000n] }] as const
  t.match(suggest(context({ claims })), {
    value: { totalE4: 1010_0000n, touE4: [null, 606_0000n, null, 404_0000n] },
  })
})
