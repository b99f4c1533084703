import { UserError } from '../../domain/errors.js'
import { findLaterSet } from '../../storage/billing/runs.js'
import type { Queryable } from '../../storage/database.js'
import { type ChangeToFollowUp, findChangeToFollowUp } from '../../storage/what-bills-rest-on.js'

/**
 * Somebody corrected what a run rests on since it was frozen: nothing is billed that is known to be otherwise. A run that has begun to issue
 * goes on. What is not followed up is asked for first: it is followed up once the later set is there.
 */
export async function refuseSuperseded(client: Queryable, runId: string): Promise<void> {
  const change = await findChangeToFollowUp(client, runId)
  if (change !== null) throw superseded(`${runId}: ${pending(change)}`)
  const later = await findLaterSet(client, runId)
  if (later !== null)
    throw superseded(
      `${runId}: 计费量已重新冻结（集 ${later.setId} 修订 ${later.revision}），此批次据旧集；请重新冻结批次 the determinants were frozen anew since; freeze a run on them`,
    )
}

const words = { correction: '更正', decision: '决定', opening: '期初批次' } as const satisfies Readonly<
  Record<ChangeToFollowUp['what'], string>
>

function pending({ what, named }: ChangeToFollowUp): string {
  const chinese = words[what]
  return `${chinese} ${named} 已生效，计费量尚未据此重新冻结；exceptions run 会补做 ${what} ${named} took effect, and the determinants do not know it yet; exceptions run makes up for it`
}

function superseded(message: string): UserError {
  return new UserError('refused', message, { reason: 'set_superseded' })
}
