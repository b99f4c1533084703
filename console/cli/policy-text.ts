import { InvalidArgumentError } from 'commander'
import { beijing, localMinute } from '../../domain/time.js'
import type { PolicyRevision } from '../../storage/policies/policy-revisions.js'
import type { SubmittedPolicy } from '../../storage/policies/sign-policy.js'
import { textTable } from './table.js'

export function submittedText({ kind, revision }: SubmittedPolicy): string {
  return kind === 'created'
    ? `已提交第 ${revision} 版，待他人批准 · revision ${revision} waits for another person’s approval`
    : `第 ${revision} 版内容相同，未再提交 · revision ${revision} says this already`
}

export function approvedText(revision: number, isNew: boolean): string {
  return isNew
    ? `第 ${revision} 版已批准 · revision ${revision} is approved`
    : `第 ${revision} 版早已批准 · revision ${revision} was approved before`
}

/** One line a revision; `own` is a column that one kind has beside the common ones. */
export function historyText<Revision extends PolicyRevision>(
  history: readonly Revision[],
  own?: { readonly heading: string; readonly cell: (revision: Revision) => string | number },
): string {
  return textTable(
    [
      '版 revision',
      '生效 effective from',
      '编制 author',
      '批准 approver',
      ...(own === undefined ? [] : [own.heading]),
      '为何 reason',
    ],
    history.map((each) => [
      each.revision,
      localMinute(beijing, each.effectiveFrom),
      each.author,
      each.approver ?? '待批 waits',
      ...(own === undefined ? [] : [own.cell(each)]),
      each.reason,
    ]),
  )
}

/** A revision without its document, instants in ISO 8601. */
export function revisionForJson<Revision extends PolicyRevision>({
  document: _document,
  sha256,
  effectiveFrom,
  recordedAt,
  approvedAt,
  ...row
}: Revision) {
  return {
    ...row,
    sha256: sha256.toString('hex'),
    effectiveFrom: new Date(effectiveFrom).toISOString(),
    recordedAt: new Date(recordedAt).toISOString(),
    approvedAt: approvedAt === null ? null : new Date(approvedAt).toISOString(),
  }
}

export function revisionNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('应为版本号 expected the number of a revision.')
  return Number(text)
}

export function wholeRevision(text: string): number {
  return text === '0' ? 0 : revisionNumber(text)
}
