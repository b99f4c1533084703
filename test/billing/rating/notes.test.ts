import t from 'tap'
import { rateUsage } from '../../../billing/rating/rate-usage.js'
import { usageDocumentSchema } from '../../../billing/rating/usage/usage-schema.js'
import { parseComponentTariff, parseDocument } from '../../../billing/tariffs/components/parse-document.js'
import { invariant } from '../../../domain/result.js'
import { energy, type Given, intervals, ladder, perUnit, quantity, tariffDocument, usageDocument } from './offline.js'

/** What an explained bill says of its quantities: `rule a=1, b=2 → result`. */
function stepsOf(given: Given, explained = true): readonly string[] | undefined {
  const tariff = parseComponentTariff(tariffDocument(given))
  const usage = parseDocument(usageDocumentSchema, usageDocument(given))
  invariant(tariff.ok && usage.ok, 'the documents are well formed')
  const bill = rateUsage(tariff.value, usage.value, { explained })
  invariant(bill.ok, JSON.stringify(bill))
  return bill.value.periods[0]?.steps?.map(({ rule, inputs, result }) => {
    const told = Object.entries(inputs).map(([name, value]) => `${name}=${value}`)
    return `${rule} ${told.join(', ')} → ${result}`
  })
}

const plain = { code: 'energy', kind: 'usage', model: perUnit('1') }
const calendar = {
  name: 'day',
  residual: 'off',
  slots: [
    { name: 'peak', when: [{ windows: [{ from: '08:00', to: '20:00' }] }] },
    { name: 'off', otherwise: true },
  ],
}

t.test('readings, rests, losses, children and whole units are told in order', async (t) => {
  const given: Given = {
    components: [plain],
    version: { calendars: [calendar], energyRounding: 'after_loss_half_up' },
    period: {
      quantities: [
        { name: 'energy', meter: 'A', register: { start: '10', end: '20.04', multiplier: '100' } },
        energy(400, { slot: 'peak' }),
        quantity('reactive', 30),
      ],
      losses: [{ kind: 'percent', percent: '3', reactive: 'reactive' }],
      relations: [{ name: 'lit', kind: 'fixed', value: '100', from: { slots: ['off'] } }],
    },
  }
  t.same(stepsOf(given), [
    'register name=energy, meter=A, start=10, end=20.04, multiplier=100 → 1004',
    'residual_slot name=energy, total=1004, slots=400, slot=off → 604',
    'relation_fixed name=lit, of=energy, before=1004, value=100, off=100, left=904 → 100',
    'loss_percent name=energy, percent=3, active=904, reactive=30, before=904 → 27.12',
    'loss_percent name=reactive, percent=3, active=904, reactive=30, before=30 → 0.9',
    'whole_units name=energy, exact=931.12, peak=412, off=519 → 931',
    'whole_units name=reactive, exact=30.9 → 31',
    'whole_units name=energy_loss, exact=27.12 → 27',
    'whole_units name=reactive_loss, exact=0.9 → 1',
  ])
  t.equal(stepsOf(given, false), undefined, 'nobody asked')
})

t.test('slots that leave nothing of their total name no residual slot', async (t) => {
  const steps = stepsOf({
    components: [
      { ...plain, slots: { calendar: 'day' }, model: { kind: 'per_unit', prices: { peak: '1', off: '1' } } },
    ],
    version: { calendars: [{ name: 'day', slots: calendar.slots }] },
    period: { quantities: [energy(10), energy(4, { slot: 'peak' }), energy(6, { slot: 'off' })] },
  })
  t.same(steps, ['residual_slot name=energy, total=10, slots=10 → 0'])
})

t.test('the windows of demand, and a counter that moves on without a line', async (t) => {
  const demand = (take: unknown) => ({
    code: 'demand',
    kind: 'usage',
    unit: 'kW',
    quantity: { op: 'demand', of: 'energy', minutes: 60, take },
    model: perUnit('1'),
  })
  const day = (take: unknown): Given => ({
    components: [demand(take), { ...demand(take), code: 'again' }],
    periods: [
      {
        start: '2026-06-01',
        end: '2026-06-02',
        quantities: [intervals('2026-06-01', [1, 5, 9, 7, ...Array.from({ length: 20 }, () => 1)])],
      },
    ],
  })
  t.same(
    stepsOf(day('highest')),
    ['demand name=demand, windows=block 60 min, ends=2026-06-01 03:00 9 → 9'],
    'told once',
  )
  t.same(stepsOf(day({ meanOf: 2 })), [
    'demand name=demand, windows=block 60 min, ends=2026-06-01 03:00 9, 2026-06-01 04:00 7 → 8',
  ])
  const increments: Given = {
    components: [
      {
        code: 'ladder',
        kind: 'usage',
        model: {
          ...ladder([[null, '0.05']]),
          blocks: [{ upTo: '210' }, { price: '0.05' }],
          scope: { of: 'year', times: 'months' },
        },
      },
    ],
    period: { quantities: [energy(100)] },
  }
  t.same(stepsOf(increments), [
    'block_counter component=ladder, scope=year, from=2026-01-01, to=2027-01-01, bounds=2520 / ∞, before=0, gained=100 / 0 → 100',
  ])
})
