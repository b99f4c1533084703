import { present } from '../../domain/result.js'
import { beijing, type Instant } from '../../domain/time.js'
import { registerWrapE4 } from '../load/register-series.js'
import type { AccountDescription, PointDescription, UtilityDescription } from '../utility/description.js'
import { type MeterStay, meterStaysOf } from '../utility/meter-registers.js'
import { at, laterMidnights, monthEnd, monthStart, wantedMidnights, yearStart } from '../utility/story-calendar.js'

/** The truth of a utility's month as JSON lines; shapes in README.md. Energies are texts in kWh e4, instants epoch ms. */
export function truthFileOf(description: UtilityDescription): string {
  const stays = [...meterStaysOf(description).values()]
  const entries = [
    { kind: 'truth', format: 'truth/1', seed: description.seed },
    ...stays.map(({ meter }) => ({
      kind: 'meter',
      meter: meter.entry.code,
      registerWrapE4: registerWrapE4.toString(),
    })),
    ...stays.flatMap((stay) => registerEntries(description, stay)),
    ...description.points.flatMap((point) => settlementEntries(description, point, stays)),
  ]
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
}

/** Registers of a stay's midnights, and those that the fitter notes at an exchange. */
function registerEntries({ exchange }: UtilityDescription, stay: MeterStay): readonly object[] {
  const during = (midnights: readonly Instant[]) =>
    midnights.filter((midnight) => stay.from <= midnight && midnight < (stay.to ?? Infinity))
  const noted = [stay.from, stay.to ?? Infinity].filter((instant) => instant === exchange.at)
  return [
    ...during(wantedMidnights).map((midnight) => registerEntry(stay, midnight, true)),
    ...during(laterMidnights).map((midnight) => registerEntry(stay, midnight, false)),
    ...noted.map((instant) => registerEntry(stay, instant, false)),
  ]
}

function registerEntry({ meter, registersAt }: MeterStay, instant: Instant, due: boolean): object {
  const { totalE4, touE4 } = registersAt(instant)
  const texts = touE4.map((valueE4) => present(valueE4, 'register').toString())
  return { kind: 'registers', meter: meter.entry.code, at: instant, due, totalE4: totalE4.toString(), touE4: texts }
}

function settlementEntries(
  { transfer }: UtilityDescription,
  point: PointDescription,
  stays: readonly MeterStay[],
): readonly object[] {
  const [from, to] = [at(monthStart), at(monthEnd)]
  const settle = (
    account: AccountDescription,
    settlement: string,
    start: Instant,
    end: Instant,
    ladderFrom: string,
  ) => ({
    kind: 'settlement',
    account: account.code,
    tariff: account.tariff,
    settlement,
    periodStart: start,
    periodEnd: end,
    ladderFrom,
    openingLadderE4: account.openingLadderE4.toString(),
    segments: segmentsOf(point, stays, start, end),
  })
  if (transfer.usagePoint !== point.usagePoint) return [settle(point.account, 'regular', from, to, yearStart)]
  return [
    settle(point.account, 'transfer', from, transfer.at, yearStart),
    settle(transfer.account, 'regular', transfer.at, to, beijing.dateAt(transfer.at)),
  ]
}

/** The meters that measured the point in [start, end), each with its share of the period and its multiplier. */
function segmentsOf(
  point: PointDescription,
  stays: readonly MeterStay[],
  start: Instant,
  end: Instant,
): readonly object[] {
  return stays
    .filter((stay) => stay.point === point && stay.from < end && start < (stay.to ?? Infinity))
    .map(({ meter, from, to }) => ({
      meter: meter.entry.code,
      from: Math.max(from, start),
      to: Math.min(to ?? Infinity, end),
      multiplier: String(point.ctRatio),
    }))
}
