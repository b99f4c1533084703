import { beijing, type LocalDate, localMinute } from '../../../domain/time.js'
import { type MeterNotSwitched, metersNotSwitched } from '../../../mdm/tou-tables/meters-not-switched.js'
import type { TouScope } from '../../../storage/mdm/tou-tables.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { notSwitchedWords } from '../../tou/tou-words.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { requireTariff } from '../require-tariff.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'

export interface NotSwitchedWish {
  readonly scope: TouScope
  readonly date: LocalDate
  readonly json: boolean
}

/** Meters that will not count the hours of the version in force on a day, by what was read up to now. */
export async function touNotSwitched(io: Io, { scope, date, json }: NotSwitchedWish): Promise<void> {
  const wish = { date, knownAt: createRealClock().now() }
  const { meters, notSwitched } = await withDatabase(io, 'reader', async (reader) => {
    await requireTariff(reader, scope.tariff)
    return metersNotSwitched(reader, scope, wish)
  })
  if (json) return io.out(toJson({ date, meters, notSwitched: notSwitched.map(listedJson) }))
  if (notSwitched.length > 0)
    io.out(
      textTable(
        [
          '电表 meter',
          '户号 account',
          '台区 area',
          '电价 tariff',
          '原因 reason',
          '已设切换 planned',
          '最近召测 last read',
        ],
        notSwitched.map(rowOf),
      ),
    )
  io.out(`${date}: 分时表 meters with hours ${meters} · 不会切换 not switched ${notSwitched.length}`)
}

function rowOf({ meter, version, reason, planned, lastReadAt }: MeterNotSwitched): readonly string[] {
  const minute = (at: number) => localMinute(beijing, at)
  return [
    meter.meterCode,
    meter.accountCode,
    meter.areaCode,
    `${meter.tariffCode} ${version}`,
    notSwitchedWords[reason],
    planned.map(minute).join('\n') || '无 none',
    lastReadAt === null ? '无 none' : minute(lastReadAt),
  ]
}

function listedJson({ meter, version, reason, planned, lastReadAt }: MeterNotSwitched): object {
  const iso = (at: number) => new Date(at).toISOString()
  const { meterCode, accountCode, areaCode, tariffCode } = meter
  return {
    meter: meterCode,
    account: accountCode,
    area: areaCode,
    tariff: tariffCode,
    version,
    reason,
    planned: planned.map(iso),
    lastReadAt: lastReadAt === null ? null : iso(lastReadAt),
  }
}
