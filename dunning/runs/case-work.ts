import { groupBy } from '../../domain/group-by.js'
import { present } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Transaction } from '../../storage/database.js'
import {
  type CaseEventRow,
  type CaseRow,
  type CaseSummary,
  lockCases,
  saveCases,
  selectCaseEvents,
} from '../../storage/dunning/cases.js'
import { advanceCase, type CaseEffect, type CaseInput, type CaseState, caseAfter } from '../cases/case.js'
import { inputFromHistory } from '../cases/case-input.js'
import type { DunningPolicy } from '../policy/policy.js'
import type { Policies } from './policies.js'

/** A case held by this transaction; takes inputs and remembers those that changed it. */
export interface HeldCase {
  readonly row: CaseRow
  readonly policy: DunningPolicy
  readonly state: () => CaseState
  readonly take: (input: CaseInput) => readonly CaseEffect[]
  readonly taken: () => readonly CaseEventRow[]
}

/** Holds cases, each in the state that its history gives. Keyed by case id, in id order. */
export async function holdCases(
  tx: Transaction,
  policies: Policies,
  caseIds: readonly string[],
): Promise<ReadonlyMap<string, HeldCase>> {
  const rows = await lockCases(tx, caseIds)
  const histories = groupBy(await selectCaseEvents(tx, caseIds), ({ caseId }) => caseId)
  return new Map(
    rows.map((row) => [
      row.caseId,
      holdCase(row, policies.version(row.policyCode, row.policyVersion), histories.get(row.caseId) ?? []),
    ]),
  )
}

function holdCase(row: CaseRow, policy: DunningPolicy, history: readonly CaseEventRow[]): HeldCase {
  const taken: CaseEventRow[] = []
  let state = caseAfter(
    policy,
    history.map(({ kind, detail }) => inputFromHistory(kind, detail)),
  )
  return {
    row,
    policy,
    state: () => state,
    taken: () => taken,
    take(input) {
      const next = advanceCase(policy, state, input)
      if (next.state === state) return []
      const { kind, ...detail } = input
      taken.push({ caseId: row.caseId, ordinal: history.length + taken.length + 1, kind, detail })
      state = next.state
      return next.effects
    },
  }
}

/** Writes what held cases took, and what they became. */
export async function releaseCases(tx: Transaction, cases: Iterable<HeldCase>, at: Instant): Promise<void> {
  const changed = [...cases].filter((held) => held.taken().length > 0)
  if (changed.length === 0) return
  await saveCases(
    tx,
    changed.flatMap((held) => held.taken()),
    changed.map(summaryOf),
    at,
  )
}

function summaryOf(held: HeldCase): CaseSummary {
  const state = held.state()
  return {
    caseId: held.row.caseId,
    state: state.kind === 'manual' || state.kind === 'closed_paid' ? state.kind : 'active',
    step: stepReached(state),
    effectiveCount: state.effective,
  }
}

/** The last step of which a notice was queued; 0 before the first. */
function stepReached({ kind, step, attempt }: CaseState): number {
  return kind === 'queued' || kind === 'accepted' || attempt > 1 ? step : step - 1
}

export function heldCase(cases: ReadonlyMap<string, HeldCase>, caseId: string): HeldCase {
  return present(cases.get(caseId), `dunning case ${caseId}`)
}
