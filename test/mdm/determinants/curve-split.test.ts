import t from 'tap'
import { createSplitByHours, type SplitDay, splitDoubt, type TouSplit } from '../../../mdm/determinants/curve-split.js'
import type { Energies } from '../../../mdm/determinants/determinant.js'
import type { TariffHours } from '../../../mdm/tou-tables/tariff-hours.js'

function hours(peakFrom: string, peakTo: string, more: Partial<TariffHours> = {}): TariffHours {
  const day = [
    { from: '00:00', slot: 'valley' },
    { from: peakFrom, slot: 'peak' },
    { from: peakTo, slot: 'valley' },
  ] as const
  return {
    code: 't',
    version: 1,
    validFrom: '2026-07-01',
    validTo: null,
    calendar: { days: { all: [...day] }, seasons: [{ from: '01-01', day: 'all' }] },
    registers: [null, 'peak', null, 'valley'],
    ratesFromCurves: false,
    ...more,
  }
}

function dayOf(serviceDate: `2026-${string}`, slotMinutes = 60, slots = 24): SplitDay {
  return { serviceDate, slotMinutes, energiesE4: Array.from({ length: slots }, () => 1_0000n) }
}

t.test('a curve is split by the hours of the tariff, or not at all', async (t) => {
  const eight = hours('08:00', '22:00')
  const table: readonly [
    what: string,
    versions: readonly TariffHours[],
    days: readonly SplitDay[],
    kwh: readonly number[] | null,
  ][] = [
    ['a day', [eight], [dayOf('2026-07-01')], [0, 14, 0, 10]],
    ['days add up', [eight], [dayOf('2026-07-01'), dayOf('2026-07-02')], [0, 28, 0, 20]],
    ['quarters of an hour', [eight], [dayOf('2026-07-01', 15, 96)], [0, 56, 0, 40]],
    ['a change of slots within a slot of the curve', [hours('08:30', '22:00')], [dayOf('2026-07-01')], null],
    ['half an hour fits half hours', [hours('08:30', '22:00')], [dayOf('2026-07-01', 30, 48)], [0, 27, 0, 21]],
    ['no version on that day', [eight], [dayOf('2026-06-30')], null],
    [
      'a slot that no register counts',
      [hours('08:00', '22:00', { registers: [null, 'peak', null, null] })],
      [dayOf('2026-07-01')],
      null,
    ],
    ['a day of 23 hours', [eight], [dayOf('2026-07-01', 60, 23)], null],
  ]
  for (const [what, versions, days, kwh] of table)
    t.same(
      createSplitByHours(versions)(days, 10n),
      kwh === null ? null : kwh.map((each) => BigInt(each) * 10_0000n),
      what,
    )
})

t.test('registers that the curve does not bear out are doubted', async (t) => {
  const policy = { curveSplitPercent: 1n, curveSplitSlackE4: 1_0000n }
  const kwh = (...values: readonly number[]) => values.map((value) => BigInt(Math.round(value * 100)) * 100n)
  const table: readonly [what: string, counted: readonly number[], curve: readonly number[], doubt: RegExp | null][] = [
    ['the same', [744, 0, 434, 0, 310], [0, 434, 0, 310], null],
    ['parts of a display step', [744, 0, 434.01, 0, 309.99], [0, 434, 0, 310], null],
    ['a percent of the whole', [744, 0, 441.44, 0, 302.56], [0, 434, 0, 310], null],
    ['two hours a day', [744, 0, 372, 0, 372], [0, 434, 0, 310], /tou2 counted 372\.00 kWh, its curve 434\.00, tou4 /],
    ['registers changed places', [744, 0, 310, 0, 434], [0, 434, 0, 310], /tou2 .*tou4 /],
    ['hardly any usage', [1.5, 0, 1, 0, 0.5], [0, 0.5, 0, 1], null],
  ]
  for (const [what, counted, curve, doubt] of table) {
    const said = splitDoubt(kwh(...counted) as unknown as Energies, kwh(...curve) as unknown as TouSplit, policy, 1n)
    if (doubt === null) t.equal(said, null, what)
    else t.match(said, doubt, what)
  }
})
