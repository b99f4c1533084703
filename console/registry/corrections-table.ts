import { calendarFor, localMinute } from '../../domain/time.js'
import type { ListedCorrection } from '../../storage/registry/corrections.js'
import { aspectText } from './aspect-words.js'
import { carriedJson, carriedLines } from './carried-text.js'
import { textTable } from '../cli/table.js'

/** Corrections for people, each in the time of its organisation, with the later versions that follow them. */
export function correctionsTable(corrections: readonly ListedCorrection[]): string {
  const carried = corrections.flatMap(({ carries, timeZone }) => carriedLines(carries, calendarFor(timeZone)))
  return [tableOf(corrections), ...carried].join('\n')
}

function tableOf(corrections: readonly ListedCorrection[]): string {
  return textTable(
    ['变更 change', '对象 of', '时刻 at', '更正 correction', '缘由 why', '提出 author', '确认 second person'],
    corrections.map((one) => {
      const calendar = calendarFor(one.timeZone)
      return [
        aspectText(one.kind),
        one.object,
        // What a meter is holds at any time.
        one.kind === 'meter' ? '—' : localMinute(calendar, one.at),
        `${wordOf(one)}${one.isCorrectionBillDue ? '；须更正账单 bill due' : ''}`,
        one.reason,
        `${one.author} ${localMinute(calendar, one.recordedAt)}`,
        one.approver === null || one.approvedAt === null
          ? '待第二人 waits for a second person'
          : `${one.approver} ${localMinute(calendar, one.approvedAt)}`,
      ]
    }),
  )
}

function wordOf({ isToldLate, isReplaced }: ListedCorrection): string {
  if (isToldLate) return '补记 told late'
  return isReplaced ? '改为另一变更 replaced' : '撤销 withdrawn'
}

export function correctionJson({ at, recordedAt, approvedAt, carries, ...one }: ListedCorrection): object {
  const iso = (instant: number) => new Date(instant).toISOString()
  return {
    ...one,
    at: one.kind === 'meter' ? null : iso(at),
    carries: carriedJson(carries),
    recordedAt: iso(recordedAt),
    approvedAt: approvedAt === null ? null : iso(approvedAt),
  }
}
