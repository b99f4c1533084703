import { beijing, type Instant, type LocalDate, localMinute } from '../../../domain/time.js'
import type { CauseRow, DayAccount } from '../../../headend/accounting/account-day.js'
import type { DueCounts, DueLevel } from '../../../headend/accounting/account-levels.js'
import type { MovedDuePoint } from '../../../storage/headend/moved-due-points.js'
import { causeWords, levelWords, outcomeWords } from '../due-words.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { textTable } from '../table.js'

/** A day at two instants. */
export interface ComparedDay {
  readonly date: LocalDate
  readonly readAt: Instant
  readonly asOf: Instant | null
  readonly later: Instant
  readonly moved: readonly MovedDuePoint[]
  /** The accounts of both instants at one level; null where nobody asked for a level, and the points are listed. */
  readonly levels: { readonly by: DueLevel | 'cause'; readonly before: DayAccount; readonly after: DayAccount } | null
}

export function printCompared(io: Io, compared: ComparedDay, json: boolean): void {
  if (json) return io.out(toJson(toDocument(compared)))
  const { date, readAt, asOf, later, moved, levels } = compared
  io.out(
    [
      `用电日 day of use ${date}`,
      `示数时刻 registers of ${localMinute(beijing, readAt)}`,
      `对比 compared ${minuteOf(asOf)} → ${minuteOf(later)}`,
      `变化 moved ${moved.length}`,
    ].join(' · '),
  )
  if (moved.length === 0) return io.out('两个时点之间没有变化 nothing moved between the two instants')
  if (levels === null) return io.out(pointsTable(moved))
  io.out(levels.by === 'cause' ? causesTable(levels.before, levels.after) : levelTable(levels.by, levels))
}

function toDocument({ date, asOf, later, moved, levels }: ComparedDay): object {
  const iso = (instant: Instant | null) => (instant === null ? null : new Date(instant).toISOString())
  const byLevel =
    levels === null
      ? {}
      : { by: levels.by, before: shownOf(levels.by, levels.before), after: shownOf(levels.by, levels.after) }
  return { date, asOf: iso(asOf), compare: iso(later), ...byLevel, moved }
}

function shownOf(by: DueLevel | 'cause', { total, rows, causes }: DayAccount): object {
  return by === 'cause' ? { total, causes } : { total, rows }
}

function pointsTable(moved: readonly MovedDuePoint[]): string {
  return textTable(
    ['电表 meter', '示数时刻 registers of', '先前 before', '之后 after'],
    moved.map(({ meterCode, readAt, before, after }) => [
      meterCode,
      localMinute(beijing, readAt),
      before === null ? '—' : outcomeWords[before],
      outcomeWords[after],
    ]),
  )
}

const countWords: readonly (readonly [heading: string, of: (counts: DueCounts) => number])[] = [
  ['应抄 due', ({ due }) => due],
  ['一次抄通 first pass', ({ firstPass }) => firstPass],
  ['重试 retried', ({ retried }) => retried],
  ['补召 back-filled', ({ backFilled }) => backFilled],
  ['补抄 field-read', ({ fieldRead }) => fieldRead],
  ['估算 estimated', ({ estimated }) => estimated],
  ['人工更正 corrected', ({ corrected }) => corrected],
  ['待核 held', ({ held }) => held],
  ['免抄 exempt', ({ exempt }) => exempt],
  ['未抄回 open', ({ open }) => open],
]

function levelTable(
  by: DueLevel,
  { before, after }: { readonly before: DayAccount; readonly after: DayAccount },
): string {
  const codes = [...new Set([...before.rows, ...after.rows].map(({ code }) => code))]
  const cells = (label: string, old: DueCounts | undefined, young: DueCounts | undefined) => [
    label,
    ...countWords.map(([, of]) => change(old === undefined ? 0 : of(old), young === undefined ? 0 : of(young))),
  ]
  return textTable(
    [levelWords[by], ...countWords.map(([heading]) => heading)],
    [
      ...codes.map((code) =>
        cells(
          code ?? '（无）none',
          before.rows.find((row) => row.code === code),
          after.rows.find((row) => row.code === code),
        ),
      ),
      cells('合计 total', before.total, after.total),
    ],
  )
}

function causesTable(before: DayAccount, after: DayAccount): string {
  const keyOf = ({ cause, crew }: CauseRow): string => `${cause} ${crew ?? ''}`
  const [old, young] = [before, after].map(({ causes }) => new Map(causes.map((row) => [keyOf(row), row])))
  const rows = [...new Map([...before.causes, ...after.causes].map((row) => [keyOf(row), row]))]
  const gapOf = ({ total }: DayAccount): number => total.due - total.firstPass
  return textTable(
    ['原因 cause', '未一次抄通 gap', '其中未抄回 open', '责任班组 owner'],
    [
      ...rows.map(([key, { cause, crew }]) => [
        `${causeWords[cause]} ${cause}`,
        change(old?.get(key)?.points ?? 0, young?.get(key)?.points ?? 0),
        change(old?.get(key)?.open ?? 0, young?.get(key)?.open ?? 0),
        crew ?? '（无）none',
      ]),
      ['合计 total', change(gapOf(before), gapOf(after)), change(before.total.open, after.total.open), ''],
    ],
  )
}

function change(before: number, after: number): string {
  return before === after ? String(after) : `${before} → ${after}`
}

function minuteOf(instant: Instant | null): string {
  return instant === null ? '现在 now' : localMinute(beijing, instant)
}
