import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import type { SegmentRow } from '../../storage/mdm/freeze-segments.js'
import { meterCodes } from '../../storage/mdm/validation-screen.js'
import { touVerdicts } from '../tou-tables/tou-verdicts.js'
import { differenceText } from '../tou-tables/verdict-words.js'
import type { Hold } from './hold.js'

/** What of a metering segment says which hours its meter should have counted. */
export type TouSegment = Pick<SegmentRow, 'accountId' | 'tariffCode' | 'startAt' | 'endAt'> & {
  readonly meter: Pick<NonNullable<SegmentRow['meter']>, 'meterId'> | null
}

/** Why the registers by slot are not what the tariff asks for. */
export interface TouHold extends Hold {
  readonly kind: 'tou_tables_differ' | 'tou_unlike_curve'
  /** The version in force lets the interval days stand in for them. */
  readonly ratesFromCurves: boolean
}

/**
 * Accounts of which some meter surely counted other hours than its tariff's, by account. Meters that were never asked, and tariffs that
 * say no hours, hold nothing.
 */
export async function touHolds(
  client: Queryable,
  segments: readonly TouSegment[],
  knownAt: Instant,
): Promise<ReadonlyMap<bigint, TouHold>> {
  const periods = segments.flatMap(({ meter, accountId, tariffCode, startAt, endAt }) =>
    meter === null || startAt >= endAt
      ? []
      : [{ meterId: meter.meterId, accountId, tariffCode, from: startAt, to: endAt }],
  )
  const verdicts = await touVerdicts(client, periods, knownAt)
  const differing = verdicts.filter(({ verdict }) => verdict.verdict === 'differs')
  if (differing.length === 0) return new Map()
  const codes = await meterCodes(client, [...new Set(differing.map(({ period }) => period.meterId))])
  return new Map(
    differing.map(({ period, verdict }) => [
      period.accountId,
      {
        kind: 'tou_tables_differ',
        ratesFromCurves: verdict.ratesFromCurves,
        detail: `meter ${codes.get(period.meterId) ?? ''} ${differenceText(verdict.differences)}`,
      },
    ]),
  )
}
