import { beijing, type LocalDate, localMinute } from '../../../domain/time.js'
import { compareMeters } from '../../../mdm/tou-tables/tou-findings.js'
import type { MeterVerdict } from '../../../mdm/tou-tables/tou-verdicts.js'
import { differenceText } from '../../../mdm/tou-tables/verdict-words.js'
import type { TouMeter, TouScope } from '../../../storage/mdm/tou-tables.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { verdictJson } from '../../tou/tou-json.js'
import { unknownWords, verdictWords } from '../../tou/tou-words.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { requireTariff } from '../require-tariff.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'

export interface TouCompareWish {
  readonly scope: TouScope
  /** Local days [from, to). */
  readonly from: LocalDate
  readonly to: LocalDate
  readonly json: boolean
}

const verdictNames = ['agrees', 'differs', 'unknown'] as const

/** The meters of a tariff against its hours: all of them as JSON, for people those that are not known to agree. */
export async function touCompare(io: Io, { scope, from, to, json }: TouCompareWish): Promise<void> {
  const wish = { from: beijing.startOfDay(from), to: beijing.startOfDay(to), knownAt: createRealClock().now() }
  const found = await withDatabase(io, 'reader', async (reader) => {
    await requireTariff(reader, scope.tariff)
    return compareMeters(reader, scope, wish)
  })
  const counts = Object.fromEntries(
    verdictNames.map((name) => [name, found.filter(({ verdict }) => verdict.verdict === name).length]),
  )
  if (json)
    return io.out(
      toJson({
        from,
        to,
        counts,
        meters: found.map(({ period, verdict }) => ({ ...meterJson(period), ...verdictJson(verdict) })),
      }),
    )
  const listed = found.filter(({ verdict }) => verdict.verdict !== 'agrees')
  if (listed.length > 0)
    io.out(
      textTable(
        ['电表 meter', '户号 account', '台区 area', '结论 verdict', '说明 detail', '最近召测 last read'],
        listed.map(rowOf),
      ),
    )
  io.out(verdictNames.map((name) => `${verdictWords[name]} ${counts[name] ?? 0}`).join(' · '))
}

function rowOf({ period, verdict }: MeterVerdict<TouMeter>): readonly string[] {
  const { meterCode, accountCode, areaCode } = period
  const { lastReadAt, unknown, differences } = verdict
  const detail =
    verdict.verdict === 'differs'
      ? differenceText(differences)
      : [...new Set(unknown.map(({ reason }) => unknownWords[reason]))].join('；')
  const lastRead = lastReadAt === null ? '无 none' : localMinute(beijing, lastReadAt)
  return [meterCode, accountCode, areaCode, verdictWords[verdict.verdict], detail, lastRead]
}

function meterJson({ meterCode, accountCode, areaCode, tariffCode, from, to }: TouMeter): object {
  const iso = (at: number) => new Date(at).toISOString()
  return { meter: meterCode, account: accountCode, area: areaCode, tariff: tariffCode, from: iso(from), to: iso(to) }
}
