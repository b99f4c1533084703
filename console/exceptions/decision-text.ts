import { formatScaled, yuan } from '../../domain/scaled.js'
import { beijing, localMinute } from '../../domain/time.js'
import type { DecidedItem, StoredDecision } from '../../storage/mdm/exception-decisions.js'
import { textTable } from '../cli/table.js'
import { iso, isoOrNull } from './exception-list.js'
import { actionWords, overrideWords, ruleWord } from './exception-words.js'

/** A decision in one line: what it does to how many, what that changes, and where it stands. */
export function decisionLine(decision: StoredDecision): string {
  return [
    decision.decisionId,
    `${actionWords[decision.action]} ${decision.action}`,
    `${decision.itemCount} 条 exceptions`,
    effectText(decision),
    ...(decision.overrideCode === null
      ? []
      : [`违规则 against the rules: ${overrideWords[decision.overrideCode]} ${decision.overrideCode}`]),
    standingOf(decision),
  ].join(' · ')
}

/** Who asked for a decision, when, why, and what backs it. */
export function askedLine({ actor, recordedAt, reason, evidence }: StoredDecision): string {
  const backed = evidence === '' ? '' : ` · 依据 evidence ${evidence}`
  return `经办 asked by ${actor} · ${localMinute(beijing, recordedAt)} · 原因 reason ${reason}${backed}`
}

function effectText({ effectE4, effectFen, unknownEffects }: StoredDecision): string {
  const unknown = unknownEffects === 0 ? '' : ` + ${unknownEffects} 条不明 unknown`
  return `影响 effect ${formatScaled(effectE4, 4, 2)} kWh ¥${yuan(effectFen)}${unknown}`
}

function standingOf({
  approvers,
  approvalsNeeded,
  applied,
  superseded,
  notEstimable,
  undoneBy,
  undoWaits,
}: StoredDecision): string {
  if (undoneBy !== null) return `已撤销 undone by ${undoneBy}`
  if (undoWaits !== null) return `撤销待审批 its undoing waits for approval: ${undoWaits}`
  if (approvers.length < approvalsNeeded)
    return `待他人审批 waits for another person (${approvers.length}/${approvalsNeeded})`
  const parts = [
    `已生效 applied ${applied}`,
    ...(superseded > 0 ? [`已失效 superseded ${superseded}`] : []),
    ...(notEstimable > 0 ? [`不可估 not estimable ${notEstimable}`] : []),
    ...(approvers.length > 0 ? [`批准 approved by ${approvers.join(', ')}`] : []),
  ]
  return parts.join(' · ')
}

export function decisionsTable(decisions: readonly StoredDecision[]): string {
  return textTable(
    ['决定 decision', '操作 action', '条 count', 'kWh', '¥', '经办 author', '时间 at', '状态 state'],
    decisions.map((decision) => [
      decision.decisionId,
      `${actionWords[decision.action]} ${decision.action}`,
      decision.itemCount,
      formatScaled(decision.effectE4, 4, 2),
      yuan(decision.effectFen),
      decision.actor,
      localMinute(beijing, decision.recordedAt),
      standingOf(decision),
    ]),
  )
}

export function itemsTable(items: readonly DecidedItem[]): string {
  return textTable(
    ['异常 exception', '值 value', '影响 kWh', '¥', '结果 outcome'],
    items.map(({ exceptionKey, value, effectE4, effectFen, outcome, detail }) => [
      exceptionKey,
      value === null ? '—' : formatScaled(value.registers.totalE4, 4, 2),
      effectE4 === null ? '—' : formatScaled(effectE4, 4, 2),
      effectFen === null ? '—' : yuan(effectFen),
      outcome === null ? '—' : [outcome, detail].filter((text) => text !== '' && text !== null).join(': '),
    ]),
  )
}

/** What speaks against corrections, one line each, so that whoever approves sees it. */
export function warningLines(items: readonly DecidedItem[]): readonly string[] {
  return items
    .filter(({ warnings }) => warnings.length > 0)
    .map(
      ({ exceptionKey, warnings, refused }) =>
        `! ${exceptionKey}: ${refused ? '规则不采纳 the rules refuse it' : '规则提示 the rules say'}: ${warnings.map((rule) => `${ruleWord(rule)} ${rule}`).join(', ')}`,
    )
}

export function decisionJson({ holdUntil, recordedAt, ...decision }: StoredDecision) {
  return { ...decision, holdUntil: isoOrNull(holdUntil), recordedAt: iso(recordedAt) }
}
