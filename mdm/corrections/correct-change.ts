import { uuidOf } from '../../domain/ids.js'
import type { MasterDataChange } from '../../domain/registry-change.js'
import type { CorrectionChange } from '../../domain/registry-correction.js'
import { ok, type Result } from '../../domain/result.js'
import type { Transaction } from '../../storage/database.js'
import { findCorrection, insertCorrection, insertCorrectionApproval } from '../../storage/registry/corrections.js'
import { tentatively } from '../../storage/tentatively.js'
import type { ChangeOutcome, ChangeRefused } from '../registry/change-refused.js'
import type { Stamp } from '../registry/registry-rows.js'
import { findTarget, type FoundTarget } from './correction-target.js'
import { groundlessness } from './groundlessness.js'
import { refuseIfBilled } from './refuse-if-billed.js'
import { withdrawChange } from './withdraw-change.js'

type Outcome = Promise<Result<ChangeOutcome, ChangeRefused>>
/** How a change that takes the place of a wrong one is applied. */
export type Apply = (tx: Transaction, change: MasterDataChange, stamp: Stamp) => Outcome

/**
 * An earlier change is withdrawn, and another one put in its place where there is one. The first person's word is tried and waits; it takes
 * effect when a second person hands in the same. Later changes that build on it come first (`rests_on_it`), bills need a word of their own
 * (`bill_issued`).
 */
export async function correctChange(tx: Transaction, change: CorrectionChange, stamp: Stamp, apply: Apply): Outcome {
  const target = await findTarget(tx, change.of)
  if (!target.ok) return target
  const correctionId = correctionIdOf(change)
  const there = await findCorrection(tx, correctionId)
  if (there !== null && there.approvedAt !== null) return ok('exists')
  const { actor, recordedAt } = stamp
  const takeEffect = (author: string) =>
    effect(tx, change, target.value, { correctionId, stamp: { actor: author, recordedAt }, apply })
  if (there === null) {
    const tried = await tentatively(tx, () => takeEffect(actor), { isRehearsal: true })
    if (!tried.ok) return tried
    await insertCorrection(tx, { correctionId, object: target.value.object, change, author: actor, recordedAt })
    return ok('waits')
  }
  const { author } = there
  if (author === actor) return ok('waits')
  return tentatively(tx, async () => {
    await insertCorrectionApproval(tx, { correctionId, author, approver: actor, approvedAt: recordedAt })
    return takeEffect(author)
  })
}

async function effect(
  tx: Transaction,
  change: CorrectionChange,
  target: FoundTarget,
  { correctionId, stamp, apply }: { readonly correctionId: string; readonly stamp: Stamp; readonly apply: Apply },
): Outcome {
  const billed = await refuseIfBilled(tx, change)
  if (!billed.ok) return billed
  const withdrawn = await withdrawChange(tx, change, target, { correctionId, ...stamp })
  if (!withdrawn.ok) return withdrawn
  if (change.instead !== null) {
    const replaced = await apply(tx, change.instead, stamp)
    if (!replaced.ok) return replaced
  }
  const groundless = await groundlessness(tx, change)
  return groundless.ok ? ok('applied') : groundless
}

/** The same content is the same correction, whoever hands it in, and however its keys are ordered. */
function correctionIdOf(change: CorrectionChange): string {
  return uuidOf('registry_correction', JSON.stringify(change, inOrderOfKeys))
}

function inOrderOfKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
