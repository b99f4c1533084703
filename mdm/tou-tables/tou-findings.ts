import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { selectTouMeters, type TouMeter, type TouScope } from '../../storage/mdm/tou-tables.js'
import { type MeterVerdict, touVerdicts } from './tou-verdicts.js'
import { differenceText, differingMinutes } from './verdict-words.js'

/** A meter that a person has to look at, as the exception queue takes it: one for each meter, account and period. */
export interface TouFinding {
  readonly findingKey: string
  readonly kind: 'tou_tables_differ'
  readonly usagePointId: bigint
  readonly meterId: bigint
  readonly accountId: bigint
  readonly periodStart: Instant
  readonly periodEnd: Instant
  readonly detail: string
  readonly evidence: object
}

export interface PeriodWish {
  readonly from: Instant
  readonly to: Instant
  readonly knownAt: Instant
}

/** The verdict on every meter of a scope over a period. */
export async function compareMeters(
  client: Queryable,
  scope: TouScope,
  wish: PeriodWish,
): Promise<readonly MeterVerdict<TouMeter>[]> {
  return touVerdicts(client, await selectTouMeters(client, scope, wish), wish.knownAt)
}

const everywhere: TouScope = { tariff: null, meter: null, area: null, crew: null }

/** Meters that surely counted other hours than their tariff's in a period. */
export async function touFindings(client: Queryable, wish: PeriodWish): Promise<readonly TouFinding[]> {
  const found = await compareMeters(client, everywhere, wish)
  return found.flatMap(({ period, verdict }) => {
    if (verdict.verdict !== 'differs') return []
    const { meterId, usagePointId, accountId, from, to } = period
    return [
      {
        findingKey: `tou_tables_differ|${meterId}|${accountId}|${new Date(from).toISOString()}`,
        kind: 'tou_tables_differ' as const,
        usagePointId,
        meterId,
        accountId,
        periodStart: from,
        periodEnd: to,
        detail: differenceText(verdict.differences),
        evidence: {
          differences: differingMinutes(verdict.differences),
          lastReadAt: verdict.lastReadAt,
          ratesFromCurves: verdict.ratesFromCurves,
        },
      },
    ]
  })
}
