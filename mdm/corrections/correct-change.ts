import type { MasterDataChange } from '../../domain/registry-change.js'
import type { CarriedValue, CorrectionChange } from '../../domain/registry-correction.js'
import { ok, present, type Result } from '../../domain/result.js'
import type { Transaction } from '../../storage/database.js'
import {
  findCorrection,
  findLastInEffect,
  insertCorrection,
  insertCorrectionApproval,
} from '../../storage/registry/corrections.js'
import { tentatively } from '../../storage/tentatively.js'
import { lockWhatBillsRestOn } from '../../storage/what-bills-rest-on.js'
import { changeAndCarryOn } from '../registry/agreement-change.js'
import { bothCarried } from '../registry/carry-on.js'
import type { ChangeOutcome, ChangeRefused } from '../registry/change-refused.js'
import type { Stamp } from '../registry/registry-rows.js'
import { affectedPoints } from './affected-points.js'
import { contentIdOf, correctionIdOf } from './correction-key.js'
import { findTarget, type FoundTarget, nothingStands } from './correction-target.js'
import { describeMeter } from './describe-meter.js'
import { groundlessness } from './groundlessness.js'
import { refuseIfBilled } from './refuse-if-billed.js'
import { standingRevision } from './standing-revision.js'
import { usagePointsOf } from './usage-points-of.js'
import { type CorrectionStamp, withdrawChange } from './withdraw-change.js'

type Outcome = Promise<Result<ChangeOutcome, ChangeRefused>>
type Carried = Promise<Result<readonly CarriedValue[], ChangeRefused>>
/** How a change that takes the place of a wrong one is applied. */
export type Apply = (tx: Transaction, change: MasterDataChange, stamp: Stamp) => Outcome

/**
 * An earlier change is withdrawn, and another one put in its place where there is one. The first person's word is tried and waits; it takes
 * effect when a second person hands in the same about the same state: a change that was told anew, or another list of later versions that
 * follow, is another correction. Other changes that build on it come first (`rests_on_it`), bills need a word of their own (`bill_issued`).
 */
export async function correctChange(tx: Transaction, change: CorrectionChange, stamp: Stamp, apply: Apply): Outcome {
  await lockWhatBillsRestOn(tx, 'change')
  const target = await findTarget(tx, change.of)
  if (!target.ok) return target
  const contentId = contentIdOf(change)
  const withdraws = await standingRevision(tx, change.of, target.value)
  const before = await findLastInEffect(tx, contentId)
  if (before !== null && before.leaves === withdraws) return ok('exists')
  if (withdraws === null) return nothingStands(change.of)
  const { actor, recordedAt } = stamp
  const takeEffect = (correctionId: string, author: string) =>
    effect(tx, change, target.value, { correctionId, actor: author, recordedAt, apply })
  const tried = await tentatively(tx, () => takeEffect(contentId, actor), { isRehearsal: true })
  if (!tried.ok) return tried
  const carries = tried.value
  const correctionId = correctionIdOf(contentId, withdraws, carries)
  const there = await findCorrection(tx, correctionId)
  if (there === null) {
    const { object, at } = target.value
    await insertCorrection(tx, {
      correctionId,
      contentId,
      withdraws,
      carries,
      object,
      at,
      change,
      author: actor,
      recordedAt,
    })
    return ok('waits')
  }
  const { author } = there
  if (author === actor) return ok('waits')
  return tentatively(tx, async () => {
    const done = await takeEffect(correctionId, author)
    if (!done.ok) return done
    const leaves = await standingRevision(tx, change.of, target.value)
    await insertCorrectionApproval(tx, { correctionId, author, approver: actor, approvedAt: recordedAt, leaves })
    return ok('applied')
  })
}

/** Bills may rest on what was there before and on what is there afterwards: whoever is a part of whom may be what was corrected. */
async function effect(
  tx: Transaction,
  change: CorrectionChange,
  target: FoundTarget,
  { apply, ...stamp }: CorrectionStamp & { readonly apply: Apply },
): Carried {
  const points = await affectedPoints(tx, change)
  const withdrawn = await withdrawChange(tx, change, target, stamp)
  if (!withdrawn.ok) return withdrawn
  const replaced = await putInstead(tx, change, target, { apply, ...stamp })
  if (!replaced.ok) return replaced
  const groundless = await groundlessness(tx, usagePointsOf(change))
  if (!groundless.ok) return groundless
  const billed = await refuseIfBilled(tx, change, target, [...points, ...(await affectedPoints(tx, change))])
  return billed.ok ? ok(bothCarried(withdrawn.value, replaced.value)) : billed
}

async function putInstead(
  tx: Transaction,
  { instead, reason }: CorrectionChange,
  { object }: FoundTarget,
  { apply, ...stamp }: CorrectionStamp & { readonly apply: Apply },
): Carried {
  if (instead === null) return ok([])
  if (instead.kind === 'meter') {
    const described = await describeMeter(tx, present(object.meterId, 'the meter'), instead, { ...stamp, reason })
    return described.ok ? ok([]) : described
  }
  if (instead.kind === 'agreement') {
    const changed = await changeAndCarryOn(tx, instead, stamp, { acrossAccounts: true })
    return changed.ok ? ok(changed.value.carried) : changed
  }
  const replaced = await apply(tx, instead, stamp)
  return replaced.ok ? ok([]) : replaced
}
