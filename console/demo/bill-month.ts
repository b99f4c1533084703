import { holding } from '../../domain/runtime.js'
import { addDays } from '../../domain/time.js'
import { dryRun } from '../../billing/runs/dry-run.js'
import { freezeRun } from '../../billing/runs/freeze-run.js'
import { issueRun } from '../../billing/runs/issue-run.js'
import { postRun } from '../../billing/runs/post-run.js'
import { reviewRun } from '../../billing/runs/review-run.js'
import { freezeDeterminants } from '../../mdm/determinants/freeze-determinants.js'
import { at, monthEnd, monthStart } from '../../simulators/utility/story-calendar.js'
import type { StageProgress } from '../progress.js'
import { bringTariffsIntoForce } from './demo-tariffs.js'
import type { DemoWorld } from './demo-world.js'
import { rateByDoorbell } from './rate-by-doorbell.js'
import { sleepUntil } from './sleep-until.js'

/** Third day of the next month: the last field reads are in. */
const closeDay = addDays(monthEnd, 2)
export const dueDate = addDays(closeDay, 15)
export const billingSteps = 8
/** Small shards, so that the demo has several; a city's hold up to 20 000 accounts. */
const segmentAccounts = 100

export interface BilledMonth {
  readonly accounts: number
  readonly held: number
}

/** Close day: tariffs in force, inputs frozen, rated without effect, reviewed by one person, issued by another, posted. */
export async function billMonth(world: DemoWorld, stage: StageProgress): Promise<BilledMonth> {
  const { clock, databases, description } = world
  const { billing } = databases
  const organisation = description.organisation.code
  const period = { periodStart: at(monthStart), periodEnd: at(monthEnd) }
  const step = async <T>(act: () => Promise<T>): Promise<T> => {
    const result = await holding(clock, act)
    stage.advance()
    return result
  }
  await sleepUntil(clock, at(closeDay, 10))
  await step(() => bringTariffsIntoForce(world))
  await step(() => freezeDeterminants(databases.mdm, { organisation, ...period, now: clock.now() }))
  const { runId } = await step(() =>
    freezeRun(billing, clock, {
      organisation,
      ...period,
      accountingDate: closeDay,
      dueDate,
      actor: 'accountant-1',
      segmentAccounts,
    }),
  )
  await step(() => rateByDoorbell(world, runId))
  const { digest } = await step(() => dryRun(billing, clock, { runId, actor: 'accountant-1' }))
  await step(() => reviewRun(billing, clock, { runId, digest, actor: 'reviewer-1' }))
  const { accountsIn, exceptions } = await step(() => issueRun(billing, clock, { runId, actor: 'issuer-1' }))
  await step(() => postRun(billing, clock, { runId, actor: 'accountant-1' }))
  return { accounts: accountsIn, held: exceptions }
}
