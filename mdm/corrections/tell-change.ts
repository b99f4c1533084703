import type { MasterDataChange } from '../../domain/registry-change.js'
import type { CarriedValue, CorrectionChange } from '../../domain/registry-correction.js'
import { err, ok, type Result } from '../../domain/result.js'
import type { Transaction } from '../../storage/database.js'
import {
  type BillOnRecord,
  billsIssuedFrom,
  type FrozenPeriod,
  frozenPeriodsOf,
} from '../../storage/registry/affected-accounts.js'
import {
  countInEffect,
  findCorrection,
  insertCorrection,
  insertCorrectionApproval,
  insertLateChange,
} from '../../storage/registry/corrections.js'
import { tentatively } from '../../storage/tentatively.js'
import { lockWhatBillsRestOn } from '../../storage/what-bills-rest-on.js'
import { changeAndCarryOn } from '../registry/agreement-change.js'
import type { ChangeOutcome, ChangeRefused } from '../registry/change-refused.js'
import type { Stamp } from '../registry/registry-rows.js'
import { affectedPoints } from './affected-points.js'
import type { Apply } from './correct-change.js'
import { contentIdOf, correctionIdOf } from './correction-key.js'
import { findTarget, type FoundTarget } from './correction-target.js'
import { asLateChange } from './late-change.js'
import { standingRevision } from './standing-revision.js'

/** What was frozen and issued for time from a change on, of the accounts whose quantities it may move. */
export interface WhatRests {
  readonly bills: readonly BillOnRecord[]
  readonly periods: readonly FrozenPeriod[]
}

export interface Told {
  readonly outcome: ChangeOutcome
  readonly rests: WhatRests
}

type Telling = Promise<Result<Told, ChangeRefused>>

/**
 * Applies a change, told in time or late. Where an issued bill rests on its time it is tried and waits until a second person hands in the same,
 * as a correction does; where the time was only frozen it takes effect at once, and the freeze anew is owed.
 */
export async function tellChange(tx: Transaction, change: MasterDataChange, stamp: Stamp, apply: Apply): Telling {
  const late = asLateChange(change)
  const target = late === null ? null : await findTarget(tx, late.of)
  if (late === null || target === null || !target.ok) return tellPlainly(tx, change, stamp, apply)
  await lockWhatBillsRestOn(tx, 'change')
  const telling = { change, late, target: target.value, apply }
  const alone = await tentatively(tx, async (): Promise<Result<Effect, ChangeRefused | NeedsTwo>> => {
    const done = await takeEffect(tx, telling, stamp)
    if (!done.ok) return done
    if (done.value.rests.bills.length > 0) return err({ kind: 'bill_issued', tried: done.value })
    if (done.value.rests.periods.length > 0)
      await insertLateChange(tx, await writeLate(tx, telling, done.value, stamp), stamp.recordedAt)
    return done
  })
  if (alone.ok) return alone
  return alone.error.kind === 'bill_issued' ? tellByTwo(tx, telling, alone.error.tried, stamp) : err(alone.error)
}

async function tellPlainly(tx: Transaction, change: MasterDataChange, stamp: Stamp, apply: Apply): Telling {
  const outcome = await tentatively(tx, () => apply(tx, change, stamp))
  return outcome.ok ? ok({ outcome: outcome.value, rests: nothingRests }) : outcome
}

export const nothingRests: WhatRests = { bills: [], periods: [] }

interface LateTelling {
  readonly change: MasterDataChange
  readonly late: CorrectionChange
  readonly target: FoundTarget
  readonly apply: Apply
}

interface Effect extends Told {
  /** Later versions that follow. */
  readonly carries: readonly CarriedValue[]
}

interface NeedsTwo {
  readonly kind: 'bill_issued'
  readonly tried: Effect
}

async function takeEffect(
  tx: Transaction,
  { change, late, target, apply }: LateTelling,
  stamp: Stamp,
): Promise<Result<Effect, ChangeRefused>> {
  const before = await affectedPoints(tx, late)
  const done = await applyAndCarryOn(tx, change, stamp, apply)
  if (!done.ok) return done
  const { outcome, carried } = done.value
  if (outcome !== 'applied') return ok({ outcome, rests: nothingRests, carries: [] })
  const points = [...new Set([...before, ...(await affectedPoints(tx, late))])]
  // What ends where the change begins does not rest on it, unless the change says what the registers were there.
  const after = notesRegisters.has(change.kind) ? target.at : target.at + 1
  const bills = await billsIssuedFrom(tx, points, after)
  const periods = await frozenPeriodsOf(tx, points, { from: after, to: null })
  return ok({ outcome, rests: { bills, periods }, carries: carried })
}

const notesRegisters: ReadonlySet<MasterDataChange['kind']> = new Set(['meter_exchange', 'meter_removal', 'multiplier'])

async function applyAndCarryOn(tx: Transaction, change: MasterDataChange, stamp: Stamp, apply: Apply) {
  if (change.kind === 'agreement') return changeAndCarryOn(tx, change, stamp, { acrossAccounts: false })
  const done = await apply(tx, change, stamp)
  return done.ok ? ok({ outcome: done.value, carried: [] }) : done
}

/** The same words by another person put it in place, and that is on record as an approval. */
async function tellByTwo(tx: Transaction, telling: LateTelling, tried: Effect, { actor, recordedAt }: Stamp): Telling {
  const correctionId = await idOf(tx, telling.late, tried)
  const there = await findCorrection(tx, correctionId)
  if (there === null) await writeLate(tx, telling, tried, { actor, recordedAt })
  if (there === null || there.author === actor) return ok({ outcome: 'waits', rests: tried.rests })
  const { author } = there
  return tentatively(tx, async () => {
    const done = await takeEffect(tx, telling, { actor: author, recordedAt })
    if (!done.ok) return done
    const leaves = await standingRevision(tx, telling.late.of, telling.target)
    await insertCorrectionApproval(tx, { correctionId, author, approver: actor, approvedAt: recordedAt, leaves })
    return done
  })
}

/** Nothing stands that it withdraws: the number says how often the same words took effect before. */
async function withdrawsOf(tx: Transaction, contentId: string): Promise<number> {
  return 0 - (await countInEffect(tx, contentId))
}

async function idOf(tx: Transaction, late: CorrectionChange, { carries }: Effect): Promise<string> {
  const contentId = contentIdOf(late)
  return correctionIdOf(contentId, await withdrawsOf(tx, contentId), carries)
}

async function writeLate(
  tx: Transaction,
  { late, target: { object, at } }: LateTelling,
  effect: Effect,
  { actor, recordedAt }: Stamp,
): Promise<string> {
  const contentId = contentIdOf(late)
  const correctionId = await idOf(tx, late, effect)
  const withdraws = await withdrawsOf(tx, contentId)
  const { carries } = effect
  const what = { correctionId, contentId, withdraws, carries, object, at, change: late }
  await insertCorrection(tx, { ...what, author: actor, recordedAt })
  return correctionId
}
