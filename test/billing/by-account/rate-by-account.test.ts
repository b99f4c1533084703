import t from 'tap'
import { accountInputSchema } from '../../../billing/by-account/account-input.js'
import { rateByAccount } from '../../../billing/by-account/rate-by-account.js'
import { linesSha256, packLine, unpackLine } from '../../../billing/by-account/packed-lines.js'
import { rateUsage } from '../../../billing/rating/rate-usage.js'
import { parseComponentTariff } from '../../../billing/tariffs/components/parse-document.js'
import { invariant, present } from '../../../domain/result.js'
import { beijing, type LocalDate } from '../../../domain/time.js'
import { cents, ladder, tariffDocument } from '../rating/offline.js'

const place = { zone: 'Asia/Shanghai', calendar: beijing }
const [start, end] = [beijing.startOfDay('2026-07-01'), beijing.startOfDay('2026-08-01')]

const registers = (total: string) => [total, null, null, null, null]
const quantity = (name: string, unit: string, total: string | null, missing: string | null = null) => ({
  name,
  unit,
  missing,
  registers: total === null ? [null, null, null, null, null] : registers(total),
})

/** July of an account in use since 2025 that used 100 kWh, 60 in register 2 and 40 in register 4. */
const july = {
  kind: 'regular',
  start,
  end,
  inUseFrom: '2025-06-01',
  energies: ['1000000', '0', '600000', '0', '400000'],
  quantities: [],
  terms: null,
  agreement: [],
  lastBill: null,
  opening: null,
}

const perUnit = (price: string, more: object = {}) => ({
  kind: 'usage',
  code: 'energy',
  model: { kind: 'per_unit', price },
  ...more,
})
const yearly = { of: 'year', times: 'months', prorateOn: ['transfer'], reclear: 'transfer_and_closing' }
const blocks = {
  kind: 'usage',
  code: 'ladder',
  model: ladder(
    [
      ['10', '0.5'],
      [null, '0.6'],
    ],
    { scope: yearly },
  ),
}
const calendar = {
  name: 'meter',
  residual: 'valley',
  registers: { tou2: 'peak', tou4: 'valley' },
  slots: [
    { name: 'peak', when: [{ windows: [{ from: '08:00', to: '22:00' }] }] },
    { name: 'valley', otherwise: true },
  ],
}

function tariffOf(components: readonly object[], version: object = {}) {
  const posting = { vat: { rate: '0.13' } }
  const parsed = parseComponentTariff(tariffDocument({ components, version: { posting, ...version } }))
  invariant(parsed.ok, parsed.ok ? '' : JSON.stringify(parsed.error.defects))
  return parsed.value
}

function rated(input: object, components: readonly object[], version: object = {}) {
  return rateByAccount(accountInputSchema.parse({ ...july, ...input }), tariffOf(components, version), place)
}

/** Lines as `component slot/block quantity amount`, or why there are none. */
function saidOf(input: object, components: readonly object[], version: object = {}): readonly string[] {
  const bill = rated(input, components, version)
  if (!bill.ok) return [`${bill.error.kind} ${bill.error.path}`]
  return bill.value.lines.map(([component, slot, block, , , , used, , , , , amount]) =>
    [component, slot, block, used, amount].filter((part) => part !== null).join(' '),
  )
}

const facts = (name: string, value: string | boolean) => ({ format: 'terms/1', facts: [{ name, value }] })
const demand = { kind: 'fixed', code: 'demand', quantity: 'demand', unit: 'kW', price: '10', per: 'month' }
const capacity = {
  ...demand,
  code: 'capacity',
  quantity: { op: 'fact', name: 'contract_capacity_kva' },
}
const since = (kva: number, from: LocalDate, to: LocalDate | null) => ({
  from: beijing.startOfDay(from),
  to: to === null ? null : beijing.startOfDay(to),
  capacityKva: kva,
  usageClass: 'large_industrial',
})

t.test('determinants become the usage that a tariff asks for', (t) => {
  const slots = { slots: { calendar: 'meter' } }
  const meter = { calendars: [calendar] }
  const table: readonly (readonly [title: string, said: readonly string[], expected: readonly string[]])[] = [
    ['the total', saidOf({}, [perUnit('0.5')]), ['energy 100 50.00']],
    [
      'registers by slot',
      saidOf({}, [perUnit('0.5', slots)], meter),
      ['energy peak 60 30.00', 'energy valley 40 20.00'],
    ],
    [
      'what the display leaves goes to the residual slot',
      saidOf({ energies: ['1000200', '0', '600000', '0', '400000'] }, [perUnit('0.5', slots)], meter),
      ['energy peak 60 30.00', 'energy valley 40.02 20.01'],
    ],
    [
      'a register that the calendar does not know',
      saidOf({ energies: ['1000000', '1', '600000', '0', '399999'] }, [perUnit('0.5', slots)], meter),
      ['register_without_slot tariff.versions.calendars.registers'],
    ],
    ['a demand', saidOf({ quantities: [quantity('demand_max', 'kW', '125000')] }, [demand]), ['demand 12.5 125.00']],
    [
      'a demand that is not known',
      saidOf({ quantities: [quantity('demand_max', 'kW', null, 'not settled')] }, [demand]),
      ['quantity_unknown tariff.versions.0.components.0'],
    ],
    [
      'a loss is added',
      saidOf({ quantities: [quantity('loss_active', 'kWh', '50000')] }, [perUnit('0.5')]),
      ['energy 105 52.50'],
    ],
    [
      'a loss that is not known',
      saidOf({ quantities: [quantity('loss_active', 'kWh', null, 'changed')] }, [perUnit('0.5')]),
      ['quantity_unknown usage.periods.0.losses'],
    ],
    [
      'a share of another usage point, by its own name',
      saidOf({ quantities: [quantity('relation_share', 'kWh', '300000')] }, [
        perUnit('0.5'),
        perUnit('0.1', { code: 'share', quantity: 'relation_share' }),
      ]),
      ['energy 100 50.00', 'share 30 3.00'],
    ],
    [
      'capacity of the registry, by days',
      saidOf({ agreement: [since(100, '2026-01-01', '2026-07-11'), since(50, '2026-07-11', null)] }, [capacity]),
      ['capacity 1000/31 322.58', 'capacity 1050/31 338.71'],
    ],
    [
      'terms go before the registry',
      saidOf({ agreement: [since(100, '2026-01-01', null)], terms: facts('contract_capacity_kva', '80') }, [capacity]),
      ['capacity 80 800.00'],
    ],
    ['a fact that nobody stated', saidOf({}, [capacity]), ['fact_missing tariff.versions.0.components.0']],
    [
      'no whole fen',
      saidOf({}, [perUnit('0.50001')], { rounding: {} }),
      ['amount_not_whole_fen tariff.versions.rounding'],
    ],
    [
      'more than a bill may hold',
      saidOf({ energies: [String(2n ** 48n + 1n), '0', '0', '0', '0'] }, [perUnit('0.5')]),
      ['quantity_out_of_range usage.periods.0.quantities'],
    ],
  ]
  for (const [title, said, expected] of table) t.same(said, expected, title)
  t.end()
})

t.test('a bill begins where the one before ended, or the old books', (t) => {
  const counter = { component: 'ladder', scope: '2026-01-01', used: '110', byBlock: ['110', '0'] }
  const closing = { blocks: [counter], billed: [], quantities: [], free: [], months: [], rounding: [] }
  const last = (more: object) => ({
    lastBill: { end: start, tariff: 'worked', ladderE4: '1100000', closing: null, ...more },
  })
  const old = (more: object = {}) => ({ opening: { asOf: start, ladderE4: '1100000', demands: [], ...more } })
  const unknown = ['opening_state_unknown usage.opening']
  const history = {
    ...demand,
    quantity: { op: 'history', name: 'demand', months: { preceding: 2 }, take: 'highest' },
  }
  const settled = { quantities: [quantity('demand_max', 'kW', '125000')] }
  const crossed = ['ladder 1 10 5.00', 'ladder 2 90 54.00']
  const table: readonly (readonly [title: string, said: readonly string[], expected: readonly string[]])[] = [
    ['its closing state', saidOf(last({ closing }), [blocks]), crossed],
    ['a bill without components', saidOf(last({}), [blocks]), crossed],
    [
      'a bill under another tariff, whose counters go by other components',
      saidOf(last({ tariff: 'other', closing: { ...closing, blocks: [{ ...counter, component: 'energy' }] } }), [
        blocks,
      ]),
      crossed,
    ],
    [
      'the demand history of another tariff',
      saidOf(
        {
          ...settled,
          ...last({
            tariff: 'other',
            closing: { ...closing, quantities: [{ name: 'demand', month: '2026-06', value: '30' }] },
          }),
        },
        [history],
      ),
      ['demand 30 300.00'],
    ],
    ['the old books', saidOf(old(), [blocks]), crossed],
    ['a bill that ended earlier', saidOf(last({ end: start - 1, closing }), [blocks]), unknown],
    ['old books of another day', saidOf(old({ asOf: start - 1 }), [blocks]), unknown],
    ['nothing on record', saidOf({}, [blocks]), unknown],
    [
      'nothing, for an account that is new',
      saidOf({ inUseFrom: '2026-07-01' }, [blocks]),
      ['ladder 1 60 30.00', 'ladder 2 40 24.00'],
    ],
    ['nothing, where nothing is asked', saidOf({}, [perUnit('0.5')]), ['energy 100 50.00']],
    [
      'nothing, in the first month of a year',
      saidOf({ start: beijing.startOfDay('2026-01-01'), end: beijing.startOfDay('2026-02-01') }, [blocks]),
      ['ladder 1 100 50.00'],
    ],
    [
      'a transfer after a bill without components is cleared on seven months',
      saidOf({ kind: 'transfer', ...last({}) }, [blocks]),
      ['ladder 1 -40 -20.00', 'ladder 2 140 84.00'],
    ],
    [
      'months of a quarter are more than a year’s ladder says',
      saidOf(last({}), [
        {
          ...blocks,
          model: ladder(
            [
              ['10', '0.5'],
              [null, '0.6'],
            ],
            { scope: { of: 'quarter' }, kind: 'graduated' },
          ),
        },
      ]),
      ['ladder 1 10 5.00', 'ladder 2 90 54.00'],
    ],
    [
      'demands of the old books',
      saidOf({ ...settled, ...old({ demands: [{ month: '2026-06', kwE4: '200000' }] }) }, [history]),
      ['demand 20 200.00'],
    ],
    ['old books without demands', saidOf({ ...settled, ...old() }, [history]), unknown],
  ]
  for (const [title, said, expected] of table) t.same(said, expected, title)
  t.end()
})

t.test('a bill is what rate says of its usage, and its lines are stored without loss', (t) => {
  const components = [
    perUnit('0.5'),
    { ...capacity, multiple: '2' },
    { kind: 'percentage', code: 'vat', of: ['energy'], percent: '13', included: true },
  ]
  const input = { agreement: [since(100, '2026-01-01', '2026-07-11'), since(50, '2026-07-11', null)] }
  const bill = rated(input, components, { rounding: { line: cents } })
  invariant(bill.ok, 'a bill')
  const { usage, rated: told, lines, closing } = bill.value
  const again = rateUsage(tariffOf(components, { rounding: { line: cents } }), JSON.parse(JSON.stringify(usage)))
  t.same(again, { ok: true, value: told })
  const [period] = told.periods
  const shown = present(period, 'a period').lines
  t.same(lines.map(unpackLine), shown)
  t.same(shown.map(packLine), lines)
  t.same(linesSha256(JSON.parse(JSON.stringify(lines))), bill.value.linesSha256)
  t.same(closing, present(period, 'a period').closing)
  t.end()
})
