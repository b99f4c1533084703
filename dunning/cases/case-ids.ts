import { uuidOf } from '../../domain/ids.js'
import type { LocalDate } from '../../domain/time.js'

/** Ids of natural keys, so that a repeated run names the same things. Surrogate ids stay out of them. `bill`: as `open_item` names it. */
export function caseIdOf(accountCode: string, bill: string, dueDate: LocalDate): string {
  return uuidOf('dunning_case', accountCode, bill, dueDate)
}

export function noticeIdOf(caseId: string, step: number, attempt: number): string {
  return uuidOf('notice', caseId, step, attempt)
}

export function manualTaskIdOf(caseId: string): string {
  return uuidOf('manual_task', caseId)
}
