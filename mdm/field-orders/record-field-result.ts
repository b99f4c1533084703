import { readingSources, type RegisterSet } from '../../domain/reading.js'
import type { NotedRegisters } from '../../domain/registry-document.js'
import { err, ok, type Result } from '../../domain/result.js'
import { sameRegisters } from '../../domain/same-registers.js'
import { parseScaled } from '../../domain/scaled.js'
import type { Instant } from '../../domain/time.js'
import type { Database, Transaction } from '../../storage/database.js'
import { findFieldOrder, insertFieldOrderResult, type StoredFieldOrder } from '../../storage/mdm/field-orders.js'
import { insertManualReadings, readManualReading } from '../../storage/registry/changes.js'
import { fitsDisplay, toRegisterSet } from '../registry/noted-registers.js'
import { runValidation, type ValidationReport } from '../validation/run-validation.js'

export type FieldResult =
  | {
      readonly outcome: 'read'
      readonly registers: NotedRegisters
      /** The freeze of the due point as the display shows it, or what the registers stood at when the crew was there. */
      readonly registersOf?: 'due_point' | 'visit'
    }
  | { readonly outcome: 'not_accessible' | 'cancelled' }
export interface FieldResultInput {
  readonly fieldOrderId: string
  readonly result: FieldResult
  /** What backs it: the number of a photo or sheet. Never empty. */
  readonly evidence: string
  /** Who read the display, and when. */
  readonly reader?: string
  readonly visitedAt?: Instant
  /** Who enters it. */
  readonly actor: string
  readonly recordedAt: Instant
}
export interface FieldResultRefused {
  readonly kind:
    | 'unknown_field_order'
    | 'exists_with_different_result'
    | 'does_not_fit_display'
    | 'no_evidence'
    | 'visit_out_of_time'
}
export type FieldResultOutcome = 'recorded' | 'exists'
export interface FieldResultRecorded {
  readonly outcome: FieldResultOutcome
  readonly validation: ValidationReport
}

/** Takes what a crew brought. A read becomes a claim with source field and is decided at once, under the same rules as any other. */
export async function recordFieldResult(
  database: Database,
  input: FieldResultInput,
): Promise<Result<FieldResultRecorded, FieldResultRefused>> {
  const recorded = await noteFieldResult(database, input)
  if (!recorded.ok) return recorded
  const { outcome, readAt } = recorded.value
  const validation = await runValidation(database, { from: readAt, to: readAt + 1, now: input.recordedAt })
  return ok({ outcome, validation })
}

export interface NotedResult {
  readonly outcome: FieldResultOutcome
  /** Key of the claim; where nothing was read, of the due point. */
  readonly readAt: Instant
}

/** The same without validation, for many at once. The same result twice is one. */
export async function noteFieldResult(
  database: Database,
  input: FieldResultInput,
): Promise<Result<NotedResult, FieldResultRefused>> {
  const checked = await checkFieldResult(database, input)
  if (!checked.ok) return checked
  const { order } = checked.value
  const readAt = claimInstant(input, order)
  const outcome = await database.transaction((tx) => record(tx, input, order, readAt))
  return outcome === 'differs' ? err({ kind: 'exists_with_different_result' }) : ok({ outcome, readAt })
}

/** Whether a result could be noted; writes nothing. */
export async function checkFieldResult(
  database: Database,
  input: FieldResultInput,
): Promise<Result<{ readonly order: StoredFieldOrder; readonly exists: boolean }, FieldResultRefused>> {
  if (input.evidence.trim() === '') return err({ kind: 'no_evidence' })
  const order = await findFieldOrder(database, input.fieldOrderId)
  if (order === null) return err({ kind: 'unknown_field_order' })
  if (input.result.outcome === 'read' && !isReadable(input.result.registers, order))
    return err({ kind: 'does_not_fit_display' })
  if (!isVisitInTime(input, order)) return err({ kind: 'visit_out_of_time' })
  if (order.outcome === null) return ok({ order, exists: false })
  const same = await database.transaction((tx) => isSame(tx, input, order, claimInstant(input, order)))
  return same ? ok({ order, exists: true }) : err({ kind: 'exists_with_different_result' })
}

/** A visit lies between the instant that is wanted and the entry; without it nothing can be read as of the visit. */
function isVisitInTime({ result, visitedAt, recordedAt }: FieldResultInput, { readAt }: StoredFieldOrder): boolean {
  if (visitedAt === undefined) return !(result.outcome === 'read' && result.registersOf === 'visit')
  return visitedAt >= readAt && visitedAt <= recordedAt
}

function claimInstant({ result, visitedAt }: FieldResultInput, { readAt }: StoredFieldOrder): Instant {
  return result.outcome === 'read' && result.registersOf === 'visit' ? (visitedAt ?? readAt) : readAt
}

async function record(
  tx: Transaction,
  input: FieldResultInput,
  order: StoredFieldOrder,
  readAt: Instant,
): Promise<FieldResultOutcome | 'differs'> {
  const { result, evidence, actor, recordedAt, reader = null, visitedAt = null } = input
  const registers = result.outcome === 'read' ? toRegisterSet(result.registers) : null
  const noted = registers === null ? null : await notedAt(tx, order, readAt)
  // A second visit that shows the same adds no claim; one that shows something else is for the exception queue.
  if (order.outcome === null && noted !== null && registers !== null && !sameRegisters(noted, registers))
    return 'differs'
  const { fieldOrderId } = input
  const row = { fieldOrderId, outcome: result.outcome, evidence, actor, recordedAt, reader, visitedAt }
  if ((await insertFieldOrderResult(tx, row)) === 0) {
    const there = await findFieldOrder(tx, fieldOrderId)
    return there !== null && (await isSame(tx, input, there, readAt)) ? 'exists' : 'differs'
  }
  if (registers !== null && noted === null) {
    const { meterId } = order
    const source = readingSources.field
    await insertManualReadings(tx, [{ meterId, readAt, registers, source, document: evidence, actor, recordedAt }])
  }
  return 'recorded'
}

function notedAt(tx: Transaction, { meterId }: StoredFieldOrder, readAt: Instant): Promise<RegisterSet | null> {
  return readManualReading(tx, { meterId, readAt, source: readingSources.field })
}

async function isSame(
  tx: Transaction,
  { result, evidence, reader, visitedAt }: FieldResultInput,
  there: StoredFieldOrder,
  readAt: Instant,
): Promise<boolean> {
  const sameVisit = (there.reader ?? undefined) === reader && (there.visitedAt ?? undefined) === visitedAt
  if (there.outcome !== result.outcome || there.evidence !== evidence || !sameVisit) return false
  if (result.outcome !== 'read') return true
  const noted = await notedAt(tx, there, readAt)
  return noted !== null && sameRegisters(noted, toRegisterSet(result.registers))
}

function isReadable(registers: NotedRegisters, order: StoredFieldOrder): boolean {
  const texts = [registers.total, registers.tou1, registers.tou2, registers.tou3, registers.tou4]
  const plain = texts.every((text) => text === undefined || (parseScaled(text, 4) ?? -1n) >= 0n)
  return plain && fitsDisplay(toRegisterSet(registers), order)
}
