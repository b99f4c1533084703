import { readingSources, type RegisterSet } from '../../domain/reading.js'
import type { NotedRegisters } from '../../domain/meter-entries.js'
import { err, ok, type Result } from '../../domain/result.js'
import { sameRegisters } from '../../domain/same-registers.js'
import { parseScaled } from '../../domain/scaled.js'
import { calendarFor, type Instant, localMinute } from '../../domain/time.js'
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
  /** Which part of the result is meant; null for the whole. */
  readonly part: keyof NotedRegisters | 'visitedAt' | 'evidence' | null
  readonly found: string
  /** What would be right, Chinese first. */
  readonly expected: string
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
  return outcome === 'differs' ? err(differs(order)) : ok({ outcome, readAt })
}

/** Whether a result could be noted; writes nothing. */
export async function checkFieldResult(
  database: Database,
  input: FieldResultInput,
): Promise<Result<{ readonly order: StoredFieldOrder; readonly exists: boolean }, FieldResultRefused>> {
  const order = await findFieldOrder(database, input.fieldOrderId)
  if (order === null) return err(whole('unknown_field_order', input.fieldOrderId, '补抄单号 the number of an order'))
  const [fault] = faultsOf(input, order)
  if (fault !== undefined) return err(fault)
  if (order.outcome === null) return ok({ order, exists: false })
  const same = await database.transaction((tx) => isSame(tx, input, order, claimInstant(input, order)))
  return same ? ok({ order, exists: true }) : err(differs(order))
}

function whole(kind: FieldResultRefused['kind'], found: string, expected: string): FieldResultRefused {
  return { kind, part: null, found, expected }
}

function differs({ outcome, evidence }: StoredFieldOrder): FieldResultRefused {
  const there = [outcome, evidence].filter((text) => text !== null).join(' · ')
  return whole('exists_with_different_result', '', `已有结果 has its result already: ${there}`)
}

/** Everything that is wrong with a result in itself, in the order of its parts. */
export function faultsOf(input: FieldResultInput, order: StoredFieldOrder): readonly FieldResultRefused[] {
  const { result, evidence } = input
  return [
    ...(result.outcome === 'read' ? displayFaults(result.registers, order) : []),
    ...visitFaults(input, order),
    ...(evidence.trim() === ''
      ? [{ kind: 'no_evidence', part: 'evidence', found: '', expected: '照片或单据编号 a photo or a sheet' } as const]
      : []),
  ]
}

function displayFaults(registers: NotedRegisters, order: StoredFieldOrder): readonly FieldResultRefused[] {
  const { registerDigits, registerDecimals } = order
  const expected = `表显 ${registerDigits} 位整数 ${registerDecimals} 位小数 the display shows ${registerDigits} digits and ${registerDecimals} decimals`
  return registerNames.flatMap((part) => {
    const found = registers[part]
    if (found === undefined || isShown(found, order)) return []
    return [{ kind: 'does_not_fit_display', part, found, expected } as const]
  })
}

const registerNames = ['total', 'tou1', 'tou2', 'tou3', 'tou4'] as const

function isShown(text: string, order: StoredFieldOrder): boolean {
  const totalE4 = parseScaled(text, 4)
  return totalE4 !== null && totalE4 >= 0n && fitsDisplay({ totalE4, touE4: [null, null, null, null] }, order)
}

/** A visit lies between the instant that is wanted and the entry; without it nothing can be read as of the visit. */
function visitFaults(
  { result, visitedAt, recordedAt }: FieldResultInput,
  { readAt, timeZone }: StoredFieldOrder,
): readonly FieldResultRefused[] {
  const asOfVisit = result.outcome === 'read' && result.registersOf === 'visit'
  const isInTime = visitedAt === undefined ? !asOfVisit : visitedAt >= readAt && visitedAt <= recordedAt
  if (isInTime) return []
  const minute = (at: Instant) => localMinute(calendarFor(timeZone), at)
  const found = visitedAt === undefined ? '' : minute(visitedAt)
  return [
    { kind: 'visit_out_of_time', part: 'visitedAt', found, expected: `${minute(readAt)} … ${minute(recordedAt)}` },
  ]
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
