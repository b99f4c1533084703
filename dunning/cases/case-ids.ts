import { uuidOf } from '../../domain/ids.js'
import type { LocalDate } from '../../domain/time.js'

/** Ids of natural keys, so that a repeated run names the same things. Surrogate ids stay out of them. */
export function caseIdOf(accountCode: string, billNumber: bigint, dueDate: LocalDate): string {
  return uuidOf('dunning_case', accountCode, billNumber.toString(), dueDate)
}

export function noticeIdOf(caseId: string, step: number, attempt: number): string {
  return uuidOf('notice', caseId, step, attempt)
}

export function manualTaskIdOf(caseId: string): string {
  return uuidOf('manual_task', caseId)
}
