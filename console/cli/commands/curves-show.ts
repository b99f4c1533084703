import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { addDays, calendarFor, dayMs, isLocalDate, type LocalDate, minuteMs } from '../../../domain/time.js'
import { selectInstalledMeters } from '../../../storage/mdm/curve-registry.js'
import { selectIntervalDays, type StoredDay } from '../../../storage/mdm/interval-day-reads.js'
import { dayText, qualityName } from '../../curves/day-text.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { withDatabase } from '../session.js'

export function addCurvesShowCommand(curves: Command, io: Io): void {
  curves
    .command('show')
    .description(
      '某表某日曲线：各点、质量、与示数的核对 a day of a meter: its slots, their quality, the reconciliation',
    )
    .argument('<meter>', '电表资产号 meter code')
    .argument('<day>', '用电日 day of use, YYYY-MM-DD')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((meter: string, day: string, { json }: { readonly json?: true }) => show(io, meter, day, json === true))
}

async function show(io: Io, meterCode: string, date: string, json: boolean): Promise<void> {
  if (!isLocalDate(date))
    throw new UserError('bad_input', `${date}: 应为日期（YYYY-MM-DD） expected a day written YYYY-MM-DD`)
  const { days, calendar } = await withDatabase(io, 'reader', async (reader) => {
    const noon = Date.parse(`${date}T12:00:00Z`)
    const wish = { from: noon - dayMs, to: noon + dayMs, now: createRealClock().now() }
    const [installed] = await selectInstalledMeters(reader, wish, { code: meterCode })
    if (installed === undefined)
      throw new UserError('not_found', `${meterCode}: ${date} 未安装此电表 no meter of this code was installed`)
    const zone = calendarFor(installed.timeZone)
    const span = { from: zone.startOfDay(date), to: zone.startOfDay(addDays(date, 1)) }
    return { days: await selectIntervalDays(reader, installed.meterId, span), calendar: zone }
  })
  if (days.length === 0)
    throw new UserError('not_found', `${meterCode} ${date}: 曲线未结算 no curve is settled; curves settle does it`)
  if (json) return io.out(toJson({ meterCode, date, days: days.map(toDocument) }))
  io.out(days.map((day) => dayText(day, meterCode, calendar)).join('\n'))
}

function toDocument({ energiesE4, qualities, dayStart, slotMinutes, ...day }: StoredDay) {
  const { serviceDate, recordedAt, ...rest } = day
  return {
    date: serviceDate satisfies LocalDate,
    dayStart: new Date(dayStart).toISOString(),
    slotMinutes,
    ...rest,
    recordedAt: new Date(recordedAt).toISOString(),
    slots: [...energiesE4].map((energyE4, slot) => ({
      start: new Date(dayStart + slot * slotMinutes * minuteMs).toISOString(),
      energyE4,
      quality: qualityName(qualities[slot]),
    })),
  }
}
