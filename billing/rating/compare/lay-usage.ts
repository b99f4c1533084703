import { present, unreachable } from '../../../domain/result.js'
import type { ComponentTariff } from '../../tariffs/components/tariff-schema.js'
import { instantOf } from '../usage/local-time.js'
import type { IntervalsEntry, LossEntry, QuantityEntry, UsageDocument, UsagePeriod } from '../usage/usage-schema.js'
import { laidCurve } from './curves.js'
import type { DayMap, PeriodPair } from './day-map.js'
import { billingMonth, layLadderDay, layState, type Move } from './lay-state.js'
import { laySeries } from './lay-series.js'
import type { Roles } from './roles.js'
import { scaleEntry, scaleText } from './scale-entry.js'

/** The first usage on the days of the second: what the factor `days` says. Curves are in their periods already. */
export function layUsage(
  map: DayMap,
  roles: Roles,
  tariff: ComponentTariff,
  usage: UsageDocument,
  second: UsageDocument,
): UsageDocument {
  const move = moveOf(map, tariff, usage, second)
  const moved = <T extends { readonly from?: string | undefined; readonly to?: string | undefined }>(one: T): T =>
    map.isIdentity
      ? one
      : {
          ...one,
          ...(one.from === undefined ? {} : { from: map.text(one.from, 'usage.facts') }),
          ...(one.to === undefined ? {} : { to: map.text(one.to, 'usage.facts') }),
        }
  const ladderDay = (text: string) => `${layLadderDay(move, text.slice(0, 10))}${text.slice(10)}`
  return {
    ...usage,
    ...(usage.inUseFrom === undefined ? {} : { inUseFrom: ladderDay(usage.inUseFrom) }),
    quantities: map.isIdentity ? usage.quantities : [],
    specialDays: second.specialDays,
    facts: usage.facts.map((fact) =>
      roles.ofFact(fact.name) === 'block'
        ? {
            ...fact,
            ...(fact.from === undefined ? {} : { from: ladderDay(fact.from) }),
            ...(fact.to === undefined ? {} : { to: ladderDay(fact.to) }),
          }
        : moved(fact),
    ),
    equipment: usage.equipment.map(moved),
    series: laySeries(map, usage.series),
    opening: { ...layState(move, usage.opening), months: second.opening.months },
    periods: usage.periods.map((period, index) =>
      layPeriod(
        map,
        present(map.pairs[index], 'a pair of periods'),
        roles,
        period,
        present(second.periods[index], 'a period'),
      ),
    ),
  }
}

function moveOf(map: DayMap, tariff: ComponentTariff, usage: UsageDocument, second: UsageDocument): Move {
  const pair = present(map.pairs[0], 'a pair of periods')
  const [first, target] = [present(usage.periods[0], 'a period'), present(second.periods[0], 'a period')]
  const lastDay = (to: number) => map.calendar.dateAt(to - 1)
  return {
    tariff,
    from: pair.dates.from,
    to: pair.targetDates.from,
    fromMonth: billingMonth(first, lastDay(pair.span.to)),
    toMonth: billingMonth(target, lastDay(pair.target.to)),
  }
}

function layPeriod(
  map: DayMap,
  pair: PeriodPair,
  roles: Roles,
  period: UsagePeriod,
  { start, end, month, months, settlement, kind }: UsagePeriod,
): UsagePeriod {
  return {
    ...period,
    start,
    end,
    month,
    months,
    settlement,
    kind,
    quantities: period.quantities.flatMap((entry) => layEntry(map, pair, roles, entry)),
    losses: period.losses.map((loss) => layLoss(loss, pair)),
    relations: period.relations.map((relation) =>
      relation.kind === 'fixed' && relation.value !== undefined
        ? { ...relation, value: scaleText(relation.value, pair.ratio) }
        : relation,
    ),
  }
}

function layEntry(map: DayMap, pair: PeriodPair, roles: Roles, entry: QuantityEntry): readonly QuantityEntry[] {
  if (map.isIdentity) return [entry]
  if ('intervals' in entry) return laidCurve(map, pair, entry)
  const placed = { ...entry, ...layPart(map, pair, entry) }
  const role = roles.ofQuantity(entry.name)
  return [role === 'energy' || role === 'reactive' ? scaleEntry(placed, pair.ratio) : placed]
}

/** The part of the period that an entry was read for; one that comes to nothing there stands for the whole period. */
function layPart(map: DayMap, { target }: PeriodPair, { name, from, to }: Exclude<QuantityEntry, IntervalsEntry>) {
  const path = `usage.periods.quantities.${name}`
  const part = {
    from: from === undefined ? undefined : map.text(from, path),
    to: to === undefined ? undefined : map.text(to, path),
  }
  const at = (text: string) => instantOf(map.calendar, text, path)
  const begins = part.from === undefined ? target.from : at(part.from)
  return begins < (part.to === undefined ? target.to : at(part.to)) ? part : { from: undefined, to: undefined }
}

function layLoss(loss: LossEntry, { ratio }: PeriodPair): LossEntry {
  switch (loss.kind) {
    case 'given':
      return {
        ...loss,
        activeLoss: scaleText(loss.activeLoss, ratio),
        ...(loss.reactiveLoss === undefined ? {} : { reactiveLoss: scaleText(loss.reactiveLoss, ratio) }),
      }
    case 'formula':
    case 'table':
      return loss.days === undefined ? loss : { ...loss, days: scaleText(loss.days, ratio) }
    case 'percent':
      return loss
    default:
      return unreachable(loss)
  }
}
