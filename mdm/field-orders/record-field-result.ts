import { readingSources } from '../../domain/reading.js'
import type { NotedRegisters } from '../../domain/registry-document.js'
import { err, ok, type Result } from '../../domain/result.js'
import { sameRegisters } from '../../domain/same-registers.js'
import { parseScaled } from '../../domain/scaled.js'
import type { Instant } from '../../domain/time.js'
import type { Database, Transaction } from '../../storage/database.js'
import { findFieldOrder, insertFieldOrderResult } from '../../storage/mdm/field-orders.js'
import { insertManualReadings, readManualReading } from '../../storage/registry/changes.js'
import { fitsDisplay, toRegisterSet } from '../registry/noted-registers.js'
import { runValidation, type ValidationReport } from '../validation/run-validation.js'

export type FieldResult =
  | { readonly outcome: 'read'; readonly registers: NotedRegisters }
  | { readonly outcome: 'not_accessible' | 'cancelled' }
export interface FieldResultInput {
  readonly fieldOrderId: string
  readonly result: FieldResult
  /** What backs it: the number of a photo or sheet. Never empty. */
  readonly evidence: string
  readonly actor: string
  readonly recordedAt: Instant
}
export interface FieldResultRefused {
  readonly kind: 'unknown_field_order' | 'exists_with_different_result' | 'does_not_fit_display' | 'no_evidence'
}
export interface FieldResultRecorded {
  readonly outcome: 'recorded' | 'exists'
  readonly validation: ValidationReport
}

/** Takes what a crew brought. A read becomes a claim with source field and is decided at once, under the same rules as any other. */
export async function recordFieldResult(
  database: Database,
  input: FieldResultInput,
): Promise<Result<FieldResultRecorded, FieldResultRefused>> {
  if (input.evidence.trim() === '') return err({ kind: 'no_evidence' })
  const order = await findFieldOrder(database, input.fieldOrderId)
  if (order === null) return err({ kind: 'unknown_field_order' })
  if (input.result.outcome === 'read' && !isReadable(input.result.registers, order))
    return err({ kind: 'does_not_fit_display' })
  const outcome = await database.transaction((tx) => record(tx, input, order))
  if (outcome === 'differs') return err({ kind: 'exists_with_different_result' })
  const { readAt } = order
  const validation = await runValidation(database, { from: readAt, to: readAt + 1, now: input.recordedAt })
  return ok({ outcome, validation })
}

type Order = NonNullable<Awaited<ReturnType<typeof findFieldOrder>>>

async function record(
  tx: Transaction,
  input: FieldResultInput,
  order: Order,
): Promise<'recorded' | 'exists' | 'differs'> {
  const { result, evidence, actor, recordedAt } = input
  const first = await insertFieldOrderResult(tx, { ...input, outcome: result.outcome })
  if (first === 0) return (await isSame(tx, input, order)) ? 'exists' : 'differs'
  if (result.outcome === 'read') {
    const { meterId, readAt } = order
    const registers = toRegisterSet(result.registers)
    const source = readingSources.field
    await insertManualReadings(tx, [{ meterId, readAt, registers, source, document: evidence, actor, recordedAt }])
  }
  return 'recorded'
}

async function isSame(
  tx: Transaction,
  { fieldOrderId, result, evidence }: FieldResultInput,
  order: Order,
): Promise<boolean> {
  const there = (await findFieldOrder(tx, fieldOrderId))?.result
  if (there?.outcome !== result.outcome || there.evidence !== evidence) return false
  if (result.outcome !== 'read') return true
  const noted = await readManualReading(tx, {
    meterId: order.meterId,
    readAt: order.readAt,
    source: readingSources.field,
  })
  return noted !== null && sameRegisters(noted, toRegisterSet(result.registers))
}

function isReadable(registers: NotedRegisters, order: Order): boolean {
  const texts = [registers.total, registers.tou1, registers.tou2, registers.tou3, registers.tou4]
  const plain = texts.every((text) => text === undefined || (parseScaled(text, 4) ?? -1n) >= 0n)
  return plain && fitsDisplay(toRegisterSet(registers), order)
}
