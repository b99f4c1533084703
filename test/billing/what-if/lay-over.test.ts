import t from 'tap'
import type { TariffVersion } from '../../../billing/tariffs/components/tariff-schema.js'
import { layOver } from '../../../billing/what-if/lay-over.js'
import { parseComponentTariff } from '../../../billing/tariffs/components/parse-document.js'
import { ownTariff } from '../runs/component-fixture.js'

const january = { from: '2026-01-01', to: '2026-02-01' }

function versionOf(number: number, validFrom: string, validTo?: string, succeeds = {}): TariffVersion {
  const head = { version: number, validFrom, ...(validTo === undefined ? {} : { validTo }), ...succeeds }
  const energy = { kind: 'usage', code: 'energy', model: { kind: 'per_unit', price: '0.5' } }
  const tariff = parseComponentTariff(ownTariff('own', { versions: [{ ...head, rounding: {}, components: [energy] }] }))
  if (!tariff.ok) throw new Error(JSON.stringify(tariff.error))
  return tariff.value.versions[0] as TariffVersion
}

const cases = [
  ['one that holds stays as it is', [versionOf(1, '2025-06-01')], ['1 2025-06-01']],
  ['one that begins later is laid over the period', [versionOf(1, '2026-07-01')], ['1 2026-01-01']],
  ['one that begins inside it, too', [versionOf(1, '2026-01-16')], ['1 2026-01-01']],
  ['one that has ended goes on', [versionOf(1, '2025-01-01', '2026-01-01')], ['1 2025-01-01']],
  [
    'two that follow each other over the period hold as they say, in order',
    [versionOf(2, '2026-01-16'), versionOf(1, '2025-06-01', '2026-01-16')],
    ['1 2025-06-01 2026-01-16', '2 2026-01-16'],
  ],
  [
    'one without an end, and one that succeeds it',
    [versionOf(1, '2025-06-01'), versionOf(2, '2026-01-16', undefined, { succeeds: true })],
    ['1 2025-06-01 2026-01-16', '2 2026-01-16'],
  ],
  ['one that ends with the period', [versionOf(1, '2026-01-01', '2026-02-01')], ['1 2026-01-01 2026-02-01']],
  ['two that leave a day out', [versionOf(1, '2025-06-01', '2026-01-16'), versionOf(2, '2026-01-17')], 'tariff_gap'],
  [
    'two of which the first begins late',
    [versionOf(1, '2026-01-02', '2026-01-16'), versionOf(2, '2026-01-16')],
    'tariff_gap',
  ],
  [
    'two that end early',
    [versionOf(1, '2025-01-01', '2026-01-16'), versionOf(2, '2026-01-16', '2026-01-31')],
    'tariff_gap',
  ],
  [
    'two that are in force on the same days',
    [versionOf(1, '2025-01-01', '2026-01-17'), versionOf(2, '2026-01-16')],
    'tariff_overlap',
  ],
  ['two without an end', [versionOf(1, '2025-01-01'), versionOf(2, '2026-01-16')], 'tariff_overlap'],
] as const

for (const [what, versions, expected] of cases)
  t.test(what, async (t) => {
    if (typeof expected === 'string')
      t.throws(() => layOver('own', versions, january), { message: new RegExp(`^${expected}: own: `) })
    else
      t.same(
        layOver('own', versions, january).map(({ version, validFrom, validTo }) =>
          [version, validFrom, ...(validTo === undefined ? [] : [validTo])].join(' '),
        ),
        expected,
      )
  })
