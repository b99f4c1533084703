import { beijing, type Instant, localMinute } from '../../domain/time.js'
import type { TouDaySlot, TouTables, TouUse } from '../../domain/tou-tables.js'
import type { SeenTables } from '../../mdm/tou-tables/beliefs.js'
import { minuteText } from '../../mdm/tou-tables/day-slots.js'
import { differingMinutes } from '../../mdm/tou-tables/verdict-words.js'
import { textTable } from '../cli/table.js'
import { dayStrip, slotLines, slotWords } from './day-strip.js'
import type { TouScreen } from './load-tou-screen.js'
import { certaintyWords, unknownWords, verdictWords } from './tou-words.js'

const none = '无 none'
const minute = (instant: Instant | null): string => (instant === null ? none : localMinute(beijing, instant))

/** The screen of a meter's tables, for people. */
export function touScreenText(screen: TouScreen): string {
  const last = screen.seen.at(-1)
  if (last === undefined) return `${screen.meterCode}: 时区时段表从未召测 its time-of-use tables were never read`
  return [
    textTable([`电表 meter ${screen.meterCode}`, '第一套 first set', '第二套 second set'], setRows(last)),
    ...sharedLines(last.tables),
    ...historyLines(screen.seen),
    '',
    ...dayLines(screen),
  ].join('\n')
}

function setRows({ tables, use, lastSeenAt }: SeenTables): readonly (readonly string[])[] {
  const inUse = (set: 1 | 2 | null, number: 1 | 2) =>
    set === number ? '使用中 in use' : set === null ? '不明 unknown' : ''
  const both = (of: (set: TouTables['sets'][number], number: 1 | 2) => string) => [
    of(tables.sets[0], 1),
    of(tables.sets[1], 2),
  ]
  return [
    ['时区表 zones', ...both((_, number) => inUse(use.zoneTable, number))],
    ['', ...both(({ zones }) => zones?.map(({ from, dayTable }) => `${from} → ${dayTable}`).join('\n') ?? none)],
    ['时段表 day tables', ...both((_, number) => inUse(use.dayTableSet, number))],
    ...Array.from({ length: mostTables(tables) }, (_, index) => [
      String(index + 1),
      ...both(({ dayTables }) => tableText(dayTables[index] ?? null)),
    ]),
    ['切换 changes over', ...switchCells(use, lastSeenAt)],
  ]
}

function mostTables({ sets }: TouTables): number {
  return Math.max(...sets.map(({ dayTables }) => dayTables.length))
}

function tableText(slots: readonly TouDaySlot[] | null): string {
  return slots?.map(({ fromMinute, tariff }) => `${minuteText(fromMinute)} tou${tariff}`).join('\n') ?? none
}

function switchCells({ zoneSwitchAt, daySwitchAt }: TouUse, readAt: Instant): readonly string[] {
  const planned = (at: Instant | null) => (at === null ? none : `${minute(at)}${at <= readAt ? '（已过 over）' : ''}`)
  return [`时区 zones ${planned(zoneSwitchAt)}`, `时段 slots ${planned(daySwitchAt)}`]
}

const weekdayWords = ['日 Sun', '一 Mon', '二 Tue', '三 Wed', '四 Thu', '五 Fri', '六 Sat']

function sharedLines({ holidays, rest, absent }: TouTables): readonly string[] {
  const restDays = rest?.weekdays.map((weekday) => weekdayWords[weekday]).join(', ') || none
  return [
    `周休日 rest days: ${restDays}${rest !== null && rest.weekdays.length > 0 ? ` → ${rest.dayTable}` : ''}`,
    `节假日 holidays: ${holidays.map(({ date, dayTable }) => `${date} → ${dayTable}`).join(', ') || none}`,
    ...(absent.length === 0
      ? []
      : [`无值的项 items without a value: ${absent.map(({ item, cause }) => `${item} ${cause}`).join(', ')}`]),
  ]
}

/** From when to when what was in the meter, as far as anybody looked. */
function historyLines(seen: readonly SeenTables[]): readonly string[] {
  return [
    '召测到的 seen:',
    ...seen.map(
      ({ digest, firstSeenAt, lastSeenAt, use }) =>
        `  ${minute(firstSeenAt)} … ${minute(lastSeenAt)}  ${digest.slice(0, 8)}  时区 zones ${use.zoneTable ?? '?'} 时段 slots ${use.dayTableSet ?? '?'}`,
    ),
  ]
}

function dayLines({ date, beliefs, day, missing, tariffCode, version, verdict }: TouScreen): readonly string[] {
  const sure = [...new Set(beliefs.map(({ certainty }) => certaintyWords[certainty]))]
  const tariff =
    version === null
      ? `${tariffCode ?? none}：当日未列时段 says no hours on this day`
      : `${version.code} ${version.version}`
  return [
    `${date}  ${sure.join('；')}`,
    `电价 tariff ${tariff}`,
    ...dayStrip(day),
    ...(missing === null ? [] : [`电表未告知 the meter does not tell ${missing}`]),
    ...(day.meter === null ? [] : slotLines(day.meter, day.registers)),
    ...(verdict === null
      ? []
      : [`${verdictWords[verdict.verdict]}${reasons(verdict.unknown.map(({ reason }) => unknownWords[reason]))}`]),
    ...differingMinutes(verdict?.differences ?? []).map(
      ({ fromMinute, toMinute, register, meterSlot, tariffSlot }) =>
        `  ${minuteText(fromMinute)}–${minuteText(toMinute)}  表计 tou${register} ${meterSlot === null ? '' : slotWords[meterSlot]} · 电价应为 the tariff says ${slotWords[tariffSlot]}`,
    ),
  ]
}

function reasons(words: readonly string[]): string {
  return words.length === 0 ? '' : `：${[...new Set(words)].join('；')}`
}
