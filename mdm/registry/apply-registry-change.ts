import type { MasterDataChange } from '../../domain/registry-change.js'
import type { CorrectionChange, RegistryChange } from '../../domain/registry-correction.js'
import { ok, type Result, unreachable } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Database, Transaction } from '../../storage/database.js'
import { lockRegistry } from '../../storage/registry/changes.js'
import { rehearse } from '../../storage/tentatively.js'
import { runValidation } from '../validation/run-validation.js'
import { correctChange } from '../corrections/correct-change.js'
import { groundlessness } from '../corrections/groundlessness.js'
import { asLateChange } from '../corrections/late-change.js'
import { nothingRests, tellChange, type Told } from '../corrections/tell-change.js'
import { transferAccount } from './account-transfer.js'
import { changeAgreement } from './agreement-change.js'
import { type ChangeOutcome, type ChangeRefused, refuse } from './change-refused.js'
import { assignCrew } from './crew-assignment.js'
import { recordFieldEvent } from './field-event.js'
import { exchangeMeter } from './meter-exchange.js'
import { installMeter } from './meter-installation.js'
import { removeMeter } from './meter-removal.js'
import { changeMultiplier } from './multiplier-change.js'
import { recordPlannedOutage } from './planned-outage.js'
import type { InvalidDocument } from './document-problem.js'
import { parseRegistryChange } from './registry-change-schema.js'
import { changeReadingDay } from './reading-day.js'
import type { Stamp } from './registry-rows.js'
import { changeAreaSupply, changeContact, changeFlow, changeRelation, changeTransformer } from './supply-changes.js'

export type ChangeError = InvalidDocument | ChangeRefused

/** What a change came to, and what had been frozen and issued of its time. */
export interface RecordedChange extends Told {
  /** Under which freezes anew are owed after it; null: what nobody could have billed, and corrections, which say so themselves. */
  readonly late: CorrectionChange | null
}

/** The outcome alone of `recordRegistryChange`. */
export async function applyRegistryChange(
  database: Database,
  change: unknown,
  stamp: Stamp,
): Promise<Result<ChangeOutcome, ChangeError>> {
  const recorded = await recordRegistryChange(database, change, stamp)
  return recorded.ok ? ok(recorded.value.outcome) : recorded
}

/**
 * Applies a dated change as new timeline revisions, all of it or nothing. Its natural key (usage point, kind, instant) makes a
 * repetition harmless; the same key with other content is refused. Told late of a time that was billed it waits for a second person.
 */
export async function recordRegistryChange(
  database: Database,
  change: unknown,
  stamp: Stamp,
): Promise<Result<RecordedChange, ChangeError>> {
  const parsed = parseRegistryChange(change)
  if (!parsed.ok) return parsed
  const wish = parsed.value
  const recorded = await database.transaction((tx) => recordIn(tx, wish, stamp))
  if (recorded.ok && recorded.value.outcome !== 'waits' && 'at' in wish && notesRegisters.has(wish.kind))
    await decideNoted(database, wish.at, stamp.recordedAt)
  return recorded
}

/** Answers what recording it would, having tried it, and leaves everything as it was. */
export async function rehearseRegistryChange(
  database: Database,
  change: unknown,
  stamp: Stamp,
): Promise<Result<RecordedChange, ChangeError>> {
  const parsed = parseRegistryChange(change)
  if (!parsed.ok) return parsed
  return rehearse(database, (tx) => recordIn(tx, parsed.value, stamp))
}

async function recordIn(
  tx: Transaction,
  wish: RegistryChange,
  stamp: Stamp,
): Promise<Result<RecordedChange, ChangeRefused>> {
  await lockRegistry(tx)
  if (wish.kind === 'correction') {
    const corrected = await correctChange(tx, wish, stamp, apply)
    return corrected.ok ? ok({ outcome: corrected.value, rests: nothingRests, late: null }) : corrected
  }
  const told = await tellChange(tx, wish, stamp, applyOnItsGround)
  return told.ok ? ok({ ...told.value, late: asLateChange(wish) }) : told
}

/** Changes at which somebody read registers from a display. */
const notesRegisters: ReadonlySet<RegistryChange['kind']> = new Set([
  'meter_exchange',
  'multiplier',
  'meter_removal',
  'installation',
])

/** What was told before of a later time has to hold with the change, too. */
async function applyOnItsGround(
  tx: Transaction,
  change: MasterDataChange,
  stamp: Stamp,
): Promise<Result<ChangeOutcome, ChangeRefused>> {
  const outcome = await apply(tx, change, stamp)
  if (!outcome.ok || outcome.value !== 'applied' || !placesMeters.has(change.kind) || !('usagePoint' in change))
    return outcome
  const ground = await groundlessness(tx, [change.usagePoint])
  return ground.ok ? outcome : ground
}

const placesMeters: ReadonlySet<RegistryChange['kind']> = new Set(['meter_exchange', 'meter_removal', 'installation'])

/** Stop and start registers are claims like others; a repetition of the change makes up for a crash before this. */
async function decideNoted(database: Database, at: string, now: Instant): Promise<void> {
  const from = Date.parse(at)
  await runValidation(database, { from, to: from + 1, now })
}

/** What somebody reads or does on site cannot have been before it happens; agreements, relations and outages may be planned. */
const happensOnSite: ReadonlySet<RegistryChange['kind']> = new Set([
  'meter_exchange',
  'multiplier',
  'meter_removal',
  'installation',
  'field_event',
])

async function apply(
  tx: Transaction,
  change: MasterDataChange,
  stamp: Stamp,
): Promise<Result<ChangeOutcome, ChangeRefused>> {
  if ('at' in change && happensOnSite.has(change.kind) && Date.parse(change.at) > stamp.recordedAt)
    return refuse('still_to_come', `${change.at} is still to come`)
  return applyKind(tx, change, stamp)
}

function applyKind(
  tx: Transaction,
  change: MasterDataChange,
  stamp: Stamp,
): Promise<Result<ChangeOutcome, ChangeRefused>> {
  switch (change.kind) {
    case 'meter_exchange':
      return exchangeMeter(tx, change, stamp)
    case 'account_transfer':
      return transferAccount(tx, change, stamp)
    case 'crew_assignment':
      return assignCrew(tx, change, stamp)
    case 'planned_outage':
      return recordPlannedOutage(tx, change, stamp)
    case 'reading_day':
      return changeReadingDay(tx, change, stamp)
    case 'multiplier':
      return changeMultiplier(tx, change, stamp)
    case 'meter_removal':
      return removeMeter(tx, change, stamp)
    case 'installation':
      return installMeter(tx, change, stamp)
    case 'agreement':
      return changeAgreement(tx, change, stamp)
    case 'relation':
      return changeRelation(tx, change, stamp)
    case 'flow':
      return changeFlow(tx, change, stamp)
    case 'transformer':
      return changeTransformer(tx, change, stamp)
    case 'area_supply':
      return changeAreaSupply(tx, change, stamp)
    case 'contact':
      return changeContact(tx, change, stamp)
    case 'field_event':
      return recordFieldEvent(tx, change, stamp)
    default:
      return unreachable(change)
  }
}
