import type { CarriedValue } from '../../domain/registry-correction.js'
import { type Calendar, localMinute } from '../../domain/time.js'

const fieldWords = { tariff: '电价', usageClass: '用电类别', contractCapacityKva: '合同容量 kVA' } as const

/** Later versions of agreements that follow a correction, one line each; nothing where none does. */
export function carriedLines(carried: readonly CarriedValue[], calendar: Calendar): readonly string[] {
  return carried.map(
    ({ account, from, field, was, becomes }) =>
      `  顺延 carried on: ${account} ${localMinute(calendar, from)} 起 from · ${fieldWords[field]} ${field}: ${was ?? '—'} → ${becomes ?? '—'}`,
  )
}

export function carriedJson(carried: readonly CarriedValue[]): readonly object[] {
  return carried.map(({ from, ...one }) => ({ ...one, from: new Date(from).toISOString() }))
}
