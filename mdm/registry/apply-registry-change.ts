import type { MasterDataChange } from '../../domain/registry-change.js'
import type { RegistryChange } from '../../domain/registry-correction.js'
import { type Result, unreachable } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Database, Transaction } from '../../storage/database.js'
import { lockRegistry } from '../../storage/registry/changes.js'
import { tentatively } from '../../storage/tentatively.js'
import { runValidation } from '../validation/run-validation.js'
import { correctChange } from '../corrections/correct-change.js'
import { groundlessness } from '../corrections/groundlessness.js'
import { transferAccount } from './account-transfer.js'
import { changeAgreement } from './agreement-change.js'
import type { ChangeOutcome, ChangeRefused } from './change-refused.js'
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

/**
 * Applies a dated change as new timeline revisions, all of it or nothing. Its natural key (usage point, kind, instant) makes a
 * repetition harmless; the same key with other content is refused.
 */
export async function applyRegistryChange(
  database: Database,
  change: unknown,
  stamp: Stamp,
): Promise<Result<ChangeOutcome, ChangeError>> {
  const parsed = parseRegistryChange(change)
  if (!parsed.ok) return parsed
  const outcome = await database.transaction(async (tx) => {
    await lockRegistry(tx)
    const wish = parsed.value
    if (wish.kind === 'correction') return correctChange(tx, wish, stamp, apply)
    return tentatively(tx, () => applyOnItsGround(tx, wish, stamp))
  })
  if (outcome.ok && 'at' in parsed.value && notesRegisters.has(parsed.value.kind))
    await decideNoted(database, parsed.value.at, stamp.recordedAt)
  return outcome
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

function apply(tx: Transaction, change: MasterDataChange, stamp: Stamp): Promise<Result<ChangeOutcome, ChangeRefused>> {
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
