import type { FieldEventKind } from '../../domain/field-event.js'

/** What people call seals and faults of meters. */
export const fieldEventWords: Readonly<Record<FieldEventKind, string>> = {
  sealed: '加封',
  seal_broken_found: '封印破损',
  resealed: '重新加封',
  meter_fault: '表计故障',
  repaired: '已检修',
  tamper_suspected: '疑似窃电',
  tamper_cleared: '核查无窃电',
}
