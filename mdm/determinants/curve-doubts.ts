import { quantities } from '../../domain/quantities.js'
import type { MeterId } from '../../domain/reading.js'
import { present } from '../../domain/result.js'
import type { LocalDate } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import type { FreezeQuery } from '../../storage/mdm/freeze-segments.js'
import { readPastDays } from '../../storage/mdm/interval-day-reads.js'
import { meterCodes } from '../../storage/mdm/validation-screen.js'
import { hoursOn, type TariffHours } from '../tou-tables/tariff-hours.js'
import { hoursOfTariffs, seenTables } from '../tou-tables/tou-verdicts.js'
import { createSplitByHours, splitDoubt } from './curve-split.js'
import type { Determinant } from './determinant.js'
import type { DeterminantPolicy } from './policy.js'
import type { DeterminantQuantity } from './quantity.js'
import type { TouHold } from './tou-hold.js'

/** An account with the quantities of its own meters. */
export interface MeasuredAccount {
  readonly determinant: Determinant
  readonly quantities: readonly DeterminantQuantity[]
}

/** Meters whose days are in memory at once. */
const metersPerRead = 500

/**
 * Accounts whose registers by time of use their own complete curve contradicts, while nobody has read what the meter counts by; by account.
 * Looked at where one meter served the whole period and no slot of it is an estimate.
 */
export async function curveDoubts(
  client: Queryable,
  { query, policy }: { readonly query: FreezeQuery; readonly policy: DeterminantPolicy },
  accounts: readonly MeasuredAccount[],
): Promise<ReadonlyMap<bigint, TouHold>> {
  const suitable = accounts.filter(isSuitable)
  const seen = await seenTables(client, [...new Set(suitable.map(meterOf))], query.knownAt)
  const unread = suitable.filter((account) => !seen.has(meterOf(account)))
  if (unread.length === 0) return new Map()
  const hours = await hoursOfTariffs(
    client,
    unread.map(({ determinant }) => ({
      tariffCode: determinant.tariffCode,
      from: determinant.periodStart,
      to: determinant.periodEnd,
    })),
  )
  const splitters = new Map([...hours].map(([code, versions]) => [code, createSplitByHours(versions)]))
  const asked = unread.filter(({ determinant }) => splitters.has(determinant.tariffCode))
  const codes = await meterCodes(client, [...new Set(asked.map(meterOf))])
  const doubts = new Map<bigint, TouHold>()
  for (let start = 0; start < asked.length; start += metersPerRead) {
    const part = asked.slice(start, start + metersPerRead)
    const days = await readPastDays(client, part.map(meterOf), { from: query.periodStart, to: query.periodEnd })
    for (const account of part) {
      const { determinant } = account
      const [segment] = determinant.segments
      const { meterId, multiplier } = present(segment, 'the one segment')
      const own = days.get(`${meterId} ${quantities.forward_active_energy.code}`) ?? []
      const byCurve = splitters.get(determinant.tariffCode)?.(own, BigInt(multiplier)) ?? null
      const doubt = byCurve === null ? null : splitDoubt(determinant.energiesE4, byCurve, policy, BigInt(multiplier))
      if (doubt === null) continue
      doubts.set(determinant.accountId, {
        kind: 'tou_unlike_curve',
        ratesFromCurves: letsCurveStandIn(
          present(hours.get(determinant.tariffCode), 'hours'),
          own.map(({ serviceDate }) => serviceDate),
        ),
        detail: `meter ${codes.get(meterId) ?? ''} ${doubt}; its tables were never read`,
      })
    }
  }
  return doubts
}

function isSuitable({ determinant, quantities: measured }: MeasuredAccount): boolean {
  const days = measured.find(({ quantity }) => quantity === 'interval_days')
  if (days === undefined || 'missing' in days.value || determinant.segments.length !== 1) return false
  return days.links.every(({ startOrigin }) => startOrigin === 'read') && countsByTime(determinant)
}

/** A meter without such registers counts nothing in them. */
function countsByTime({ energiesE4: [, ...registers] }: Determinant): boolean {
  return registers.some((register) => register !== 0n)
}

function meterOf({ determinant }: MeasuredAccount): MeterId {
  return present(determinant.segments[0], 'the one segment').meterId
}

function letsCurveStandIn(versions: readonly TariffHours[], dates: readonly LocalDate[]): boolean {
  return dates.every((date) => hoursOn(versions, date)?.ratesFromCurves === true)
}
