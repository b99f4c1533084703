import type { MasterDataChange } from '../../domain/registry-change.js'
import type { CorrectionChange, CorrectionTarget, MoneyMovingChange } from '../../domain/registry-correction.js'

/**
 * A change that moves money as a correction that withdraws nothing and puts it in place: so it is told where its time was frozen or billed.
 * Null: bills do not rest on changes of this kind.
 */
export function asLateChange(change: MasterDataChange): CorrectionChange | null {
  if (!movesMoney(change)) return null
  return {
    kind: 'correction',
    of: targetOf(change),
    instead: change,
    reason: '补记 told late',
    document: change.document,
    correctionBillDue: true,
  }
}

function movesMoney(change: MasterDataChange): change is MoneyMovingChange {
  return kinds.has(change.kind)
}

const kinds: ReadonlySet<MasterDataChange['kind']> = new Set<MoneyMovingChange['kind']>([
  'meter_exchange',
  'meter_removal',
  'installation',
  'multiplier',
  'agreement',
  'account_transfer',
  'relation',
  'flow',
  'transformer',
])

function targetOf(change: MoneyMovingChange): CorrectionTarget {
  const { at } = change
  if (change.kind === 'account_transfer') return { kind: 'agreement', account: change.oldAccount, at }
  if (change.kind === 'agreement') return { kind: 'agreement', account: change.account, at }
  return { kind: change.kind, usagePoint: change.usagePoint, at }
}
