import { energy, intervals, ladder, perUnit } from '../offline.js'
import { block, component, facts, oneDay, hourly, plain, type Refused, usage } from './given.js'

/** Facts, prices, blocks and tables under which a charge cannot be worked out. */
export const charges: Refused = [
  [
    'a fact that nobody stated',
    component(usage(perUnit({ op: 'fact', name: 'price' }))),
    'fact_missing tariff.versions.0.components.0.model',
  ],
  [
    'a fact that is no number',
    component(usage(perUnit({ op: 'fact', name: 'price' })), facts({ name: 'price', value: 'dear' })),
    'fact_is_no_number tariff.versions.0.components.0.model',
  ],
  [
    'two values at one time',
    component(plain, facts({ name: 'price', value: '1' }, { name: 'price', value: '2', from: '2026-06-10' })),
    'fact_given_twice usage.facts.1',
  ],
  [
    'a transformer of less than nothing',
    component(plain, { usage: { equipment: [{ name: 'a', rating: '-100', state: 'in_service' }] } }),
    'malformed equipment.0.rating',
  ],
  [
    'a flat amount that a fact puts below nothing',
    component(usage({ kind: 'graduated', blocks: [{ price: '1', flat: { op: 'fact', name: 'flat' } }] }), {
      usage: { facts: [{ name: 'flat', value: '-5' }] },
    }),
    'negative_price tariff.versions.0.components.0.model.blocks.0.flat',
  ],
  [
    'less than nothing by the month',
    component({ code: 'c', kind: 'fixed', quantity: '-5', price: '30', per: 'month' }),
    'negative_energy tariff.versions.0.components.0',
  ],
  [
    'a transformer in service and suspended at one time',
    component(plain, {
      usage: {
        equipment: [
          { name: 'a', rating: '100', state: 'in_service' },
          { name: 'a', rating: '100', state: 'suspended', from: '2026-06-11' },
        ],
      },
    }),
    'equipment_given_twice usage.equipment.1',
  ],
  [
    'a division by nothing',
    component(usage(perUnit({ op: 'divide', of: ['1', { op: 'subtract', of: ['energy', '100'] }] }))),
    'division_by_zero tariff.versions.0.components.0.model',
  ],
  [
    'a power factor of nothing',
    component({ code: 'c', kind: 'amount', amount: { op: 'power_factor', active: '0', reactive: '0', decimals: 2 } }),
    'division_by_zero tariff.versions.0.components.0',
  ],
  [
    'a computed price below nothing',
    component(usage(perUnit({ op: 'subtract', of: ['1', 'energy'] }))),
    'negative_price tariff.versions.0.components.0.model',
  ],
  [
    'use beyond the last block',
    component(usage(ladder([['50', '1']]))),
    'price_missing tariff.versions.0.components.0.model.blocks',
  ],
  [
    'a block beyond the last',
    component(usage(ladder([['50', '1']], {}, 'volume'))),
    'price_missing tariff.versions.0.components.0.model.blocks',
  ],
  [
    'a series that nobody gives',
    {
      components: [usage({ kind: 'interval_prices', series: 'spot' })],
      periods: [{ ...oneDay, quantities: [intervals('2026-06-01', hourly)] }],
    },
    'series_unknown tariff.versions.0.components.0',
  ],
  [
    'a series that is too short',
    {
      components: [usage({ kind: 'interval_prices', series: 'spot' })],
      periods: [{ ...oneDay, quantities: [intervals('2026-06-01', hourly)] }],
      usage: { series: [{ name: 'spot', start: '2026-06-01', minutes: 60, values: ['1'] }] },
    },
    'series_does_not_cover tariff.versions.0.components.0',
  ],
  [
    'computed bounds that do not ascend',
    component(
      usage({
        kind: 'graduated',
        blocks: [{ upTo: { op: 'add', of: ['2', '2'] }, price: '1' }, { upTo: '3', price: '1' }, { price: '1' }],
      }),
    ),
    'block_bounds_out_of_order tariff.versions.0.components.0.model.blocks.1.upTo',
  ],
  [
    'a first bound below nothing',
    component(
      usage({ kind: 'graduated', blocks: [{ upTo: { op: 'subtract', of: ['2', '3'] }, price: '1' }, { price: '2' }] }),
    ),
    'block_bounds_out_of_order tariff.versions.0.components.0.model.blocks.0.upTo',
  ],
  [
    'a value beyond a table',
    component(usage(perUnit({ op: 'table', by: 'energy', rows: [{ upTo: '50', value: '1' }] }))),
    'block_bounds_out_of_order tariff.versions.0.components.0.model',
  ],
  [
    'a period over the end of a year',
    {
      ...component(
        usage(
          ladder(
            [
              ['50', '1'],
              [null, '2'],
            ],
            { scope: { of: 'year' } },
          ),
        ),
      ),
      periods: [{ start: '2025-12-20', end: '2026-01-20', quantities: [energy(1)] }],
    },
    'period_crosses_scope tariff.versions.0.components.0',
  ],
  [
    'something free over the end of a year',
    {
      ...component(usage(perUnit('1'), { free: { quantity: '5', scope: { of: 'year', crossing: 'split' } } })),
      periods: [
        {
          start: '2025-12-20',
          end: '2026-01-20',
          quantities: [energy(1, { to: '2026-01-01' }), energy(1, { from: '2026-01-01' })],
        },
      ],
    },
    'period_crosses_scope tariff.versions.0.components.0.free.scope',
  ],
  [
    'an adjustment of nothing known',
    {
      ...component(plain),
      period: {
        quantities: [energy(1)],
        adjustments: [{ code: 'a', kind: 'percentage', of: ['capacity'], percent: '1' }],
      },
    },
    'component_unknown usage.periods.0.adjustments.0',
  ],
  [
    'a power factor below its table',
    component(
      {
        code: 'p',
        kind: 'power_factor',
        of: ['energy'],
        given: '0.5',
        table: { rows: [{ from: '0.6', percent: '1' }] },
      },
      {
        components: [
          plain,
          {
            code: 'p',
            kind: 'power_factor',
            of: ['energy'],
            given: '0.5',
            table: { rows: [{ from: '0.6', percent: '1' }] },
          },
        ],
      },
    ),
    'power_factor_out_of_table tariff.versions.0.components.1.table.rows',
  ],
  [
    'a power factor above one',
    component(plain, {
      components: [
        plain,
        { code: 'p', kind: 'power_factor', of: ['energy'], given: '1.1', table: { standard: '0.90' } },
      ],
    }),
    'power_factor_out_of_range tariff.versions.0.components.1',
  ],
  [
    'an opening state of more blocks',
    block('month', { blocks: [{ component: 'energy', scope: '2026-06-01', used: '9', byBlock: ['3', '3', '3'] }] }),
    'state_does_not_fit usage.opening.blocks',
  ],
  [
    'packages of nothing',
    component(usage({ kind: 'package', size: { op: 'subtract', of: ['energy', '100'] }, price: '1' })),
    'size_not_positive tariff.versions.0.components.0.model.blocks.0.size',
  ],
  [
    'a price without a source',
    component(usage({ kind: 'per_unit', price: { op: 'absent', reason: 'not printed' } })),
    'cell_absent tariff.versions.0.components.0.model',
  ],
]
