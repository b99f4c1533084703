import type { ExceptionPolicy } from '../../domain/exception-policy.js'
import { groupBy } from '../../domain/group-by.js'
import { quantities } from '../../domain/quantities.js'
import { readingSources } from '../../domain/reading.js'
import { present } from '../../domain/result.js'
import { sameRegisters } from '../../domain/same-registers.js'
import type { Transaction } from '../../storage/database.js'
import {
  type DecisionItem,
  type ExceptionClaim,
  readClaimsOfExceptions,
} from '../../storage/mdm/exception-decisions.js'
import type { OpenException } from '../../storage/mdm/open-exceptions.js'
import { isAllowed, type NotDecidableReason } from './allowed-actions.js'
import type { DecideInput, LeftOut } from './decide-input.js'
import { type CorrectionVerdict, judgeCorrection } from './judge-correction.js'
import { loadExceptionPolicy } from './load-policy.js'

export interface JudgedItem {
  readonly item: DecisionItem | null
  readonly refusal: LeftOut | null
}

/** What is decided about each open exception, or why the action leaves it out. */
export async function judgeItems(
  tx: Transaction,
  open: readonly OpenException[],
  input: DecideInput,
): Promise<readonly JudgedItem[]> {
  const keys = open.map(({ exceptionKey }) => exceptionKey)
  const claims = input.action === 'accept' ? await readClaimsOfExceptions(tx, keys) : []
  const byKey = groupBy(claims, ({ exceptionKey }) => exceptionKey)
  const { policy } = await loadExceptionPolicy(tx, input.now)
  const judged: JudgedItem[] = []
  for (const one of open) {
    const ofKey = byKey.get(one.exceptionKey) ?? []
    const kind = refusalOf(one, input, ofKey, policy)
    // A correction is one value for one exception, so this asks at most once.
    const verdict = kind === null ? await verdictOf(tx, one, input) : null
    const refusal = kind === null ? refusalByRules(one, input, verdict) : leftOut(one, kind, ofKey)
    judged.push(refusal === null ? { item: toItem(one, input, ofKey, verdict), refusal } : { item: null, refusal })
  }
  return judged
}

function refusalOf(
  one: OpenException,
  input: DecideInput,
  claims: readonly ExceptionClaim[],
  policy: ExceptionPolicy,
): NotDecidableReason | null {
  if (!isAllowed(input.action, one, policy)) return 'action_not_for_kind'
  if (one.waitingDecision !== null) return 'waits_for_approval'
  if (input.action !== 'accept' || one.kind !== 'held_reading') return null
  if (claims[(input.claim ?? 1) - 1] === undefined) return 'no_claim_to_accept'
  return input.claim === undefined && doDisagree(claims) ? 'claim_not_named' : null
}

/** Whether there is a choice between them: one value that came twice is none. */
export function doDisagree([first, ...others]: readonly Pick<ExceptionClaim, 'registers'>[]): boolean {
  return first !== undefined && others.some(({ registers }) => !sameRegisters(registers, first.registers))
}

function leftOut(one: OpenException, kind: NotDecidableReason, claims: readonly ExceptionClaim[]): LeftOut {
  const { exceptionKey, timeZone } = one
  return kind === 'claim_not_named' ? { exceptionKey, kind, claims, timeZone } : { exceptionKey, kind }
}

async function verdictOf(
  tx: Transaction,
  { meterId, quantity, readAt, timeZone }: OpenException,
  { action, value, now }: DecideInput,
): Promise<CorrectionVerdict | null> {
  if (action !== 'correct' || value === undefined || meterId === null || readAt === null) return null
  const energy = quantity ?? quantities.forward_active_energy.code
  return judgeCorrection(tx, { meterId, quantity: energy, readAt, timeZone, registers: value }, now)
}

function refusalByRules(
  { exceptionKey }: OpenException,
  { overrideCode }: DecideInput,
  verdict: CorrectionVerdict | null,
): LeftOut | null {
  if (verdict === null) return null
  if (verdict.impossible !== null) return { exceptionKey, kind: verdict.impossible, detail: verdict.reason }
  if (!verdict.refused || overrideCode !== undefined) return null
  return {
    exceptionKey,
    kind: 'value_needs_override',
    detail: `${verdict.warnings.join(', ')}: ${verdict.reason}`,
  }
}

function toItem(
  one: OpenException,
  input: DecideInput,
  claims: readonly ExceptionClaim[],
  verdict: CorrectionVerdict | null,
): DecisionItem {
  return {
    exceptionKey: one.exceptionKey,
    seenOrdinal: one.ordinal,
    seenRevision: one.seenRevision,
    value: valueOf(one, input, claims),
    warnings: verdict?.warnings ?? [],
    refused: verdict?.refused ?? false,
  }
}

function valueOf(
  one: OpenException,
  { action, value, claim }: DecideInput,
  claims: readonly ExceptionClaim[],
): DecisionItem['value'] {
  if (action === 'correct')
    return { registers: present(value, 'the value of a correction'), source: readingSources.corrected }
  if (action !== 'accept' || one.kind !== 'held_reading') return null
  const { registers, source } = present(claims[(claim ?? 1) - 1], 'a claim of the key')
  return { registers, source }
}
