import type { NotedRegisters } from '../../domain/meter-entries.js'
import { type MeterId, readingSources, type RegisterSet } from '../../domain/reading.js'
import { ok, type Result } from '../../domain/result.js'
import { sameRegisters } from '../../domain/same-registers.js'
import { formatScaled } from '../../domain/scaled.js'
import { calendarFor, type Instant, localMinute } from '../../domain/time.js'
import type { Transaction } from '../../storage/database.js'
import { noteKey, type NotingKind, readChangeNotes } from '../../storage/registry/change-notes.js'
import { insertManualReadings } from '../../storage/registry/changes.js'
import { type ChangeRefused, refuse } from './change-refused.js'
import { toRegisterSet } from './noted-registers.js'
import type { Stamp } from './registry-rows.js'

/** What a paper says of one display. */
export interface Note {
  readonly meter: { readonly meterId: MeterId; readonly code: string }
  readonly noted: NotedRegisters
}

/** The change that notes came with. */
export interface NotingChange {
  readonly kind: NotingKind
  readonly usagePointId: bigint
  readonly timeZone: string
  readonly at: Instant
  readonly document: string
}

/**
 * Registers of displays become claims of their meters. Several papers may speak of one display at one instant (an exchange and its new
 * transformers); they have to say the same, else `exists_with_different_content` names the other one, and nothing is written.
 */
export async function noteRegisters(
  tx: Transaction,
  change: NotingChange,
  notes: readonly Note[],
  stamp: Stamp,
): Promise<Result<null, ChangeRefused>> {
  for (const { meter, noted } of notes) {
    const other = (await readChangeNotes(tx, meter.meterId, change.at)).find(
      ({ registers }) => !sameRegisters(registers, toRegisterSet(noted)),
    )
    if (other === undefined) continue
    const at = localMinute(calendarFor(change.timeZone), change.at)
    return refuse(
      'exists_with_different_content',
      `${meter.code} ${at}: 单据 ${other.document} 记 ${registersText(other.registers)}，此单记 ${registersText(toRegisterSet(noted))}；两单须一致，错的一单先更正；同时换表的先报换表 ` +
        'two papers of one display at one instant have to say the same: correct the wrong one first, and tell of an exchange before what else was done then',
    )
  }
  const { kind, usagePointId, at: readAt, document } = change
  const key = { readAt, source: readingSources.exchange, document, notedFor: noteKey(kind, usagePointId), ...stamp }
  const readings = notes.map(({ meter, noted }) => ({
    ...key,
    meterId: meter.meterId,
    registers: toRegisterSet(noted),
  }))
  await insertManualReadings(tx, readings)
  return ok(null)
}

/** Whether a change that is on record noted other registers than a paper says; where it noted none, nothing contradicts. */
export async function isNotedOtherwise(
  tx: Transaction,
  { kind, usagePointId, at }: Pick<NotingChange, 'kind' | 'usagePointId' | 'at'>,
  { meter, noted }: Note,
): Promise<boolean> {
  const own = noteKey(kind, usagePointId)
  const notes = await readChangeNotes(tx, meter.meterId, at)
  return notes.some(({ notedFor, registers }) => notedFor === own && !sameRegisters(registers, toRegisterSet(noted)))
}

function registersText({ totalE4, touE4 }: RegisterSet): string {
  return [totalE4, ...touE4].map((value) => (value === null ? '—' : formatScaled(value, 4, 2))).join('/')
}
