import { dryRun } from '../../billing/runs/dry-run.js'
import { freezeRun } from '../../billing/runs/freeze-run.js'
import { issueRun } from '../../billing/runs/issue-run.js'
import { postRun } from '../../billing/runs/post-run.js'
import { reviewRun } from '../../billing/runs/review-run.js'
import { invariant } from '../../domain/result.js'
import type { Clock } from '../../domain/runtime.js'
import type { Instant, LocalDate } from '../../domain/time.js'
import { freezeDeterminants } from '../../mdm/determinants/freeze-determinants.js'
import type { Database } from '../../storage/database.js'
import { secondsOf } from '../bench-report.js'
import { ownCpuSeconds, serverCpuSeconds } from './cpu-seconds.js'
import { closeFrom, closeTo } from './fill-close.js'

/** What a step took; the processor seconds hardly depend on what else the machine does. */
export interface Stage {
  readonly name: string
  readonly seconds: number
  readonly ownCpu: number
  readonly serverCpu: number
  /** The most memory the program has held so far, MiB. */
  readonly mostMiB: number
}

/** A month to close, with the dates of its bills. */
export interface ClosedMonth {
  readonly from: Instant
  readonly to: Instant
  readonly accountingDate: LocalDate
  readonly dueDate: LocalDate
}

const june: ClosedMonth = { from: closeFrom, to: closeTo, accountingDate: '2026-07-03', dueDate: '2026-07-18' }

/** The product's own close, step by step. Each session of a pool has two connections at most. */
export async function closeMonth(
  { mdm, billing, clock }: { readonly mdm: Database; readonly billing: Database; readonly clock: Clock },
  accounts: number,
  dataFolder: string,
  { from, to, accountingDate, dueDate }: ClosedMonth = june,
): Promise<{ readonly runId: string; readonly stages: readonly Stage[] }> {
  const stages: Stage[] = []
  const timed = async <T>(name: string, act: () => Promise<T>): Promise<T> => {
    const [own, server] = [ownCpuSeconds(), serverCpuSeconds(dataFolder)]
    let answer: T | undefined
    const seconds = await secondsOf(async () => (answer = await act()))
    stages.push({
      name,
      seconds,
      ownCpu: ownCpuSeconds() - own,
      serverCpu: serverCpuSeconds(dataFolder) - server,
      mostMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    })
    return answer as T
  }
  const period = { organisation: 'city', periodStart: from, periodEnd: to }
  const frozen = await timed('determinants frozen', () => freezeDeterminants(mdm, { ...period, now: clock.now() }))
  invariant(frozen.determinantCount === accounts, `${accounts - frozen.determinantCount} accounts are held`)
  const dates = { accountingDate, dueDate, actor: 'author' }
  const { runId } = await timed('run frozen', () => freezeRun(billing, clock, { ...period, ...dates }))
  const { digest } = await timed('dry run', () => dryRun(billing, clock, { runId, actor: 'author' }))
  await timed('review', () => reviewRun(billing, clock, { runId, digest, actor: 'second' }))
  const issued = await timed('issue', () => issueRun(billing, clock, { runId, actor: 'third' }))
  invariant(issued.bills === accounts, `${accounts - issued.bills} accounts have no bill`)
  await timed('post', () => postRun(billing, clock, { runId, actor: 'author' }))
  return { runId, stages }
}
